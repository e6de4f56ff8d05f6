{{- define "subgraph.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "subgraph.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "subgraph.labels" -}}
{{ include "subgraph.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "subgraph.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "subgraph.name" .) -}}
{{- end -}}

{{- define "subgraph.image" -}}
{{- $repository := required "image.repository is required: where the image of deploy/Dockerfile is" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "subgraph.config" -}}
{{- if not .Values.vcenters -}}
{{- fail "vcenters is required: at least one with an id and a url" -}}
{{- end -}}
vcenters:
{{ toYaml .Values.vcenters | indent 2 }}
{{- with .Values.defaults }}
defaults:
{{ toYaml . | indent 2 }}
{{- end }}
{{- with .Values.schemaRename }}
schemaRename:
{{ toYaml . | indent 2 }}
{{- end }}
{{- end -}}
