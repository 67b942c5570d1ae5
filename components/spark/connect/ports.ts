/** Ports are fixed, so that network policies can name them. */
export const connectPort = 15002;
/** Where clients come in when the server is behind its TLS proxy. */
export const proxyPort = 15003;
export const uiPort = 4040;
export const driverPort = 7078;
export const blockManagerPort = 7079;
