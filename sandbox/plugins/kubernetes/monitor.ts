import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { RegisterResourceOutputsRequest, RegisterResourceRequest, type RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { connect } from "../rpc";
import { type Properties, toStruct } from "../values";

export interface ChildResource {
    type: string;
    name: string;
    inputs: Properties;
    dependencies: string[];
    retainOnDelete: boolean;
}

export interface Registered {
    urn: string;
    id: string;
}

/** The engine as a component sees it: the place where it registers itself and its children. */
export class Monitor {
    readonly #client: ResourceMonitorClient;
    readonly #request: ConstructRequest;

    public constructor(request: ConstructRequest) {
        this.#request = request;
        this.#client = connect(ResourceMonitorClient, request.getMonitorendpoint());
    }

    public async component(inputs: Properties): Promise<string> {
        const asked = this.#request;
        const request = new RegisterResourceRequest();
        request.setType(asked.getType());
        request.setName(asked.getName());
        request.setParent(asked.getParent());
        request.setObject(toStruct(inputs));
        request.setAcceptsecrets(true);
        request.setDependenciesList(asked.getDependenciesList());
        request.setAliasesList(asked.getAliasesList());
        request.setAliasspecs(true);
        request.setDeletedwith(asked.getDeletedwith());
        if (asked.hasProtect()) {
            request.setProtect(asked.getProtect() === true);
        }
        if (asked.hasRetainondelete()) {
            request.setRetainondelete(asked.getRetainondelete() === true);
        }
        for (const [name, reference] of asked.getProvidersMap().getEntryList()) {
            request.getProvidersMap().set(name, reference);
        }
        return (await this.#register(request)).getUrn();
    }

    public async child(
        parent: string,
        { type, name, inputs, dependencies, retainOnDelete }: ChildResource,
        version: string,
    ): Promise<Registered> {
        const request = new RegisterResourceRequest();
        request.setType(type);
        request.setName(name);
        request.setParent(parent);
        request.setCustom(true);
        request.setObject(toStruct(inputs));
        request.setAcceptsecrets(true);
        request.setAcceptresources(true);
        request.setSupportspartialvalues(true);
        request.setDependenciesList(dependencies);
        const provider: unknown = this.#request.getProvidersMap().get("kubernetes");
        if (typeof provider === "string") {
            request.setProvider(provider);
        } else {
            request.setVersion(version);
        }
        if (retainOnDelete) {
            request.setRetainondelete(true);
        }
        const response = await this.#register(request);
        return { urn: response.getUrn(), id: response.getId() };
    }

    public async outputs(urn: string, outputs: Properties): Promise<void> {
        const request = new RegisterResourceOutputsRequest();
        request.setUrn(urn);
        request.setOutputs(toStruct(outputs));
        await new Promise<void>((resolve, reject) => {
            this.#client.registerResourceOutputs(request, (error) => {
                if (error === null) {
                    resolve();
                } else {
                    reject(new Error(error.details));
                }
            });
        });
    }

    #register(request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
        return new Promise((resolve, reject) => {
            this.#client.registerResource(request, (error, response) => {
                if (error === null) {
                    resolve(response);
                } else {
                    reject(new Error(`${request.getName()}: ${error.details}`));
                }
            });
        });
    }
}
