apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  colour: {{ .Values.colour }}
  extra: {{ .Values.extra }}
  version: {{ .Capabilities.KubeVersion.Version }}
  deployments: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" | quote }}
---
apiVersion: plugins.example.com/v1
kind: Gadget
metadata:
  name: gadget
spec:
  mode: 0644
---
apiVersion: v1
kind: Secret
metadata:
  name: login
stringData:
  password: chart-clear
---
apiVersion: v1
kind: Pod
metadata:
  name: hook
  annotations:
    helm.sh/hook: pre-install
spec:
  containers: [{ name: main, image: none }]
