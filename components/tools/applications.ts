/** What tasks that make SparkApplications, and wait for their end, ask of Kubernetes. */
export const applicationRules = [
    { apiGroups: ["sparkoperator.k8s.io"], resources: ["sparkapplications"], verbs: ["get", "list", "watch", "create", "delete"] },
];
