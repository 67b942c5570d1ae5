/** What the tests use of the WebSocket client, which carries no types of its own. */
declare module "ws" {
    export default class WebSocket {
        constructor(url: string, options: { headers: Record<string, string> });
        on(event: "message", listener: (data: Buffer) => void): this;
        off(event: "message", listener: (data: Buffer) => void): this;
        once(event: "open", listener: (value?: unknown) => void): this;
        once(event: "error", listener: (error: Error) => void): this;
        once(event: "close", listener: () => void): this;
        send(data: string): void;
        close(): void;
    }
}
