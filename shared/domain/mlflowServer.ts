/** Files of an MLflow store inside its folder: the names that MLflow itself gives them. */
export const mlflowDatabase = 'mlflow.db'
export const mlflowArtifacts = 'mlartifacts'

/** What opens such a store in a browser; to be run in its folder, wherever that has been moved. */
export const mlflowServerCommand = `mlflow server --backend-store-uri sqlite:///${mlflowDatabase} --artifacts-destination ./${mlflowArtifacts}`
