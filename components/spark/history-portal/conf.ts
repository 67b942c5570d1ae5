export const portalPort = 18080;
export const settingsDirectory = "/etc/spark-history-portal";

/** The proxy's whole configuration: nothing is written but below /tmp, and each server is found under its name. */
export function nginxConf(servers: Record<string, { url: string }>): string {
    return [
        "worker_processes 1;",
        "pid /tmp/nginx.pid;",
        "error_log stderr warn;",
        "events {}",
        "http {",
        "    access_log off;",
        "    default_type text/html;",
        "    charset utf-8;",
        ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `    ${kind}_temp_path /tmp/${kind};`),
        "    server {",
        `        listen ${portalPort};`,
        // Behind a gateway of another scheme or port only a relative address leads back here.
        "        absolute_redirect off;",
        `        root ${settingsDirectory};`,
        "        location = / { try_files /index.html =404; }",
        "        location / { return 404; }",
        ...Object.entries(servers).flatMap(([name, { url }]) => location(name, url)),
        "    }",
        "}",
        "",
    ].join("\n");
}

/**
 * One server under one path. Spark builds its links below what X-Forwarded-Context says, so the server needs no setting and can be read
 * without the portal too; only its redirects have to be moved.
 */
function location(name: string, url: string): string[] {
    return [
        `        location /${name}/ {`,
        `            proxy_pass ${url.replace(/\/$/, "")}/;`,
        "            proxy_http_version 1.1;",
        "            proxy_set_header Host $http_host;",
        `            proxy_set_header X-Forwarded-Context /${name};`,
        `            proxy_redirect ~^(?:https?://[^/]+)?/(?:${name}/)?(.*)$ /${name}/$1;`,
        // The first look at a large application waits for its log to be replayed.
        "            proxy_read_timeout 300s;",
        "        }",
    ];
}

export function entryPage(names: string[]): string {
    const links = [...names].sort().map((name) => `<li><a href="${name}/">${name}</a></li>`);
    return [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><title>Spark history</title></head>',
        "<body><h1>Spark history</h1><ul>",
        ...links,
        "</ul></body></html>",
        "",
    ].join("\n");
}
