
      export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "Actor": [
      "ApiKey",
      "SystemActor",
      "User"
    ],
    "Node": [
      "Alert",
      "AlertRule",
      "ApiKey",
      "Asset",
      "Flow",
      "Trace",
      "User",
      "Workspace"
    ]
  }
};
      export default result;
    