import { type ChildProcess, spawn } from "node:child_process";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { engineAddress, serve, streaming, unary } from "../rpc";
import { fromStruct } from "../values";
import { type RuntimeOptions, configuration, environment, installed, locate, nodeArguments, providerPackages } from "./program";

/** The SDK's way to say "the error is already printed under a resource". */
const alreadyReported = 32;

const children = new Set<ChildProcess>();

function optionsOf(info: pb.ProgramInfo | undefined): RuntimeOptions {
    return fromStruct(info?.getOptions());
}

function start(args: string[], options: { cwd: string; env: NodeJS.ProcessEnv; output: "inherit" | "pipe" }): ChildProcess {
    const child = spawn(process.execPath, args, { cwd: options.cwd, env: options.env, stdio: ["ignore", options.output, options.output] });
    children.add(child);
    return child;
}

async function ended(child: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code, signal) => {
            children.delete(child);
            resolve(code ?? (signal === null ? 1 : 130));
        });
    });
}

function programArguments(request: pb.RunRequest): string[] {
    const info = request.getInfo();
    const named: [string, string | undefined][] = [
        ["monitor", request.getMonitorAddress()],
        ["engine", engineAddress()],
        ["organization", request.getOrganization()],
        ["project", request.getProject()],
        ["root-directory", info?.getRootDirectory()],
        ["stack", request.getStack()],
        ["pwd", info?.getProgramDirectory()],
        ["parallel", String(request.getParallel())],
    ];
    const given = named.filter(([, value]) => value !== undefined && value !== "").flatMap(([name, value]) => [`--${name}`, value ?? ""]);
    return [...given, ...(request.getDryrun() ? ["--dry-run"] : []), info?.getEntryPoint() ?? ".", ...request.getArgsList()];
}

async function run(request: pb.RunRequest): Promise<pb.RunResponse> {
    const info = request.getInfo();
    const directory = info?.getProgramDirectory() ?? request.getPwd();
    const options = optionsOf(info);
    const args = [...nodeArguments(options), locate("@pulumi/pulumi/cmd/run", directory), ...programArguments(request)];
    const env = {
        ...process.env,
        ...environment(options),
        PULUMI_CONFIG: configuration(request.getConfigMap().getEntryList()),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    };
    const code = await ended(start(args, { cwd: request.getPwd() || directory, env, output: "inherit" }));
    const response = new pb.RunResponse();
    if (code === alreadyReported) {
        response.setBail(true);
    } else if (code !== 0) {
        response.setError(`Program exited with non-zero exit code: ${code}`);
    }
    return response;
}

function piece(kind: "stdout" | "stderr", data: Buffer): pb.RunPluginResponse {
    const response = new pb.RunPluginResponse();
    if (kind === "stdout") {
        response.setStdout(data);
    } else {
        response.setStderr(data);
    }
    return response;
}

/** Policy packs and packages whose plugin is their own source. */
async function runPlugin(request: pb.RunPluginRequest, write: (response: pb.RunPluginResponse) => void): Promise<void> {
    const info = request.getInfo();
    const directory = info?.getProgramDirectory() ?? "";
    const options = optionsOf(info);
    const policyPack = request.getKind() === "analyzer";
    const module = policyPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin";
    const given = request.getArgsList();
    const args = [...nodeArguments(options), locate(module, directory), ...(policyPack ? [...given, directory] : [directory, ...given])];
    const sent = Object.fromEntries(
        request.getEnvList().map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    const env = { ...process.env, ...sent, ...environment(options) };
    const child = start(args, { cwd: policyPack ? directory : request.getPwd(), env, output: "pipe" });
    child.stdout?.on("data", (data: Buffer) => {
        write(piece("stdout", data));
    });
    child.stderr?.on("data", (data: Buffer) => {
        write(piece("stderr", data));
    });
    const last = new pb.RunPluginResponse();
    last.setExitcode(await ended(child));
    write(last);
}

async function install(request: pb.InstallDependenciesRequest, write: (response: pb.InstallDependenciesResponse) => void): Promise<void> {
    const directory = request.getInfo()?.getProgramDirectory() ?? "";
    const child = spawn("npm", ["install", "--no-audit", "--no-fund"], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (data: Buffer) => {
        const response = new pb.InstallDependenciesResponse();
        response.setStdout(data);
        write(response);
    });
    child.stderr.on("data", (data: Buffer) => {
        const response = new pb.InstallDependenciesResponse();
        response.setStderr(data);
        write(response);
    });
    const code = await ended(child);
    if (code !== 0) {
        throw new Error(`\`npm install\` in ${directory} ended with exit code ${code}`);
    }
}

function requiredPackages(info: pb.ProgramInfo | undefined): pb.GetRequiredPackagesResponse {
    const response = new pb.GetRequiredPackagesResponse();
    for (const { name, version, server } of providerPackages(info?.getProgramDirectory() ?? ".")) {
        const dependency = new PackageDependency();
        dependency.setName(name);
        dependency.setKind("resource");
        dependency.setVersion(version);
        dependency.setServer(server);
        response.addPackages(dependency);
    }
    return response;
}

function requiredPlugins(info: pb.ProgramInfo | undefined): pb.GetRequiredPluginsResponse {
    const response = new pb.GetRequiredPluginsResponse();
    for (const { name, version, server } of providerPackages(info?.getProgramDirectory() ?? ".")) {
        const dependency = new PluginDependency();
        dependency.setName(name);
        dependency.setKind("resource");
        dependency.setVersion(version);
        dependency.setServer(server);
        response.addPlugins(dependency);
    }
    return response;
}

function dependencies(info: pb.ProgramInfo | undefined): pb.GetProgramDependenciesResponse {
    const response = new pb.GetProgramDependenciesResponse();
    for (const { name, version } of installed(info?.getProgramDirectory() ?? ".")) {
        const dependency = new pb.DependencyInfo();
        dependency.setName(name);
        dependency.setVersion(version);
        response.addDependencies(dependency);
    }
    return response;
}

function about(): pb.AboutResponse {
    const response = new pb.AboutResponse();
    response.setExecutable(process.execPath);
    response.setVersion(process.version);
    return response;
}

function notOffered(what: string): () => never {
    return () => {
        throw new Error(`the stand-in Node.js language host does not ${what}; install the official Pulumi CLI`);
    };
}

serve(LanguageRuntimeService, {
    handshake: unary(() => new pb.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new PluginInfo()),
    getRequiredPackages: unary((request: pb.GetRequiredPackagesRequest) => requiredPackages(request.getInfo())),
    getRequiredPlugins: unary((request: pb.GetRequiredPluginsRequest) => requiredPlugins(request.getInfo())),
    getProgramDependencies: unary((request: pb.GetProgramDependenciesRequest) => dependencies(request.getInfo())),
    about: unary(about),
    runtimeOptionsPrompts: unary(() => new pb.RuntimeOptionsResponse()),
    template: unary(() => new pb.TemplateResponse()),
    installDependencies: streaming(install),
    run: unary(run),
    runPlugin: streaming(runPlugin),
    generateProgram: unary(notOffered("generate programs (add --generate-code=false to `pulumi import`)")),
    generateProject: unary(notOffered("generate projects")),
    generatePackage: unary(notOffered("generate packages")),
    pack: unary(notOffered("pack packages")),
    link: unary(notOffered("link packages")),
    cancel: unary(() => {
        for (const child of children) {
            child.kill("SIGINT");
        }
        return new Empty();
    }),
});
