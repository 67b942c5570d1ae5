/** What the bricks know about the Spark image (see images/spark). */

/** The user that the image is made for; its name is spark. */
export const sparkUser = 185;

export const workDirectory = "/opt/spark/work-dir";

export const configurationDirectory = "/opt/spark/conf";

/** What shows the beans of a Java process as metrics. */
export const jmxAgent = "/opt/spark/jmx-exporter.jar";

/** What a Java process logs and how, which two variables of its environment decide: see `logs.ts` beside this file. */
export const logConfiguration = "-Dlog4j2.configurationFile=/opt/spark/log4j2.properties";
