import { SparkPlatform } from "spark-platform";

// Notebooks with sessions ready for Spark Connect, experiments in MLflow, tables that keep their names.
const platform = new SparkPlatform("science", {
    images: { registry: "registry.example.com/data" },
    objectStore: { storage: "200g" },
    historyServer: {},
    hiveMetastore: {},
    mlflow: {},
    connect: { main: { executor: { maximum: 8, memory: "8g" } } },
    jupyterLab: { lab: { memory: "4g", storage: "20g" } },
});

export const notebooks = platform.jupyterLabUrls;
export const experiments = platform.mlflowUrl;
