{{- define "tributary.name" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end }}

{{- define "tributary.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "tributary.labels" -}}
{{ include "tributary.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "tributary.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Nothing that a container does not need: no root, no capability, no writable file but /tmp. */}}
{{- define "tributary.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}
{{- define "tributary.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* The environment of one part: what it reads of the settings, where the others are, and its own secrets. */}}
{{- define "tributary.environment" -}}
{{- $root := .root -}}
{{- $part := .part -}}
{{- $given := deepCopy $root.Values.settings -}}
{{- if $root.Values.jwtPublicKey }}{{ $_ := set $given "JWT_PUBLIC_KEY" $root.Values.jwtPublicKey }}{{ end -}}
{{- range $other := ($root.Files.Get "parts.yaml" | fromYaml).parts -}}
{{- $url := printf "SUBGRAPH_%s_URL" (upper $other.name) -}}
{{- if and (has $url $part.settings) (not (hasKey $given $url)) }}{{ $_ := set $given $url (printf "http://%s-%s:4000" (include "tributary.name" $root) $other.name) }}{{ end -}}
{{- end -}}
{{- if and (has "GATEWAY_URL" $part.settings) (not (hasKey $given "GATEWAY_URL")) }}{{ $_ := set $given "GATEWAY_URL" (printf "http://%s-gateway:4000" (include "tributary.name" $root)) }}{{ end -}}
{{- if and $root.Values.uploads.enabled (has "UPLOADS_DIRECTORY" $part.settings) -}}
{{- $_ := set $given "UPLOADS_DIRECTORY" "/var/lib/tributary/uploads" -}}
{{- $_ := set $given "UPLOADS_SHARED" "true" -}}
{{- end -}}
{{- if has "PORT" $part.settings }}{{ $_ := set $given "PORT" "4000" }}{{ end -}}
{{- if has "HOST" $part.settings }}{{ $_ := set $given "HOST" "0.0.0.0" }}{{ end -}}
{{- range $name := $part.settings }}
{{- if hasKey $given $name }}
- name: {{ $name }}
  value: {{ index $given $name | toString | quote }}
{{- end }}
{{- end }}
{{- range $name := $part.secrets }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $root.Values.existingSecret }}
      key: {{ $name }}
      {{- if not (has $name $part.demanded) }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}

{{/* Values of one part over the defaults. */}}
{{- define "tributary.valuesOf" -}}
{{- mergeOverwrite (deepCopy .root.Values.defaults) (deepCopy (index .root.Values.parts .part | default dict)) | toYaml -}}
{{- end }}

{{/* Fails where a value names what no part reads or is. */}}
{{- define "tributary.check" -}}
{{- $parts := (.Files.Get "parts.yaml" | fromYaml).parts -}}
{{- $names := list -}}
{{- $settings := list -}}
{{- $secrets := list -}}
{{- range $parts }}{{ $names = append $names .name }}{{ $settings = concat $settings .settings }}{{ $secrets = concat $secrets .secrets }}{{ end -}}
{{- range $name, $_ := .Values.settings -}}
{{- if has $name $secrets }}{{ fail (printf "settings.%s is a secret: put it in the Secret that existingSecret names" $name) }}{{ end -}}
{{- if not (has $name $settings) }}{{ fail (printf "settings.%s is read by no part: see docs/reference/settings.md" $name) }}{{ end -}}
{{- end -}}
{{- range $name, $_ := .Values.parts }}{{ if not (has $name $names) }}{{ fail (printf "parts.%s is no part" $name) }}{{ end }}{{ end -}}
{{- if and (not .Values.jwtPublicKey) (not (hasKey .Values.settings "JWT_JWKS_URL")) }}{{ fail "jwtPublicKey is missing: the PEM of the key that access tokens are signed with; or set settings.JWT_JWKS_URL" }}{{ end -}}
{{- if and (not .Values.uploads.enabled) (not (hasKey .Values.settings "S3_BUCKET")) }}{{ fail "uploads need a place: uploads.enabled, or settings.S3_BUCKET" }}{{ end -}}
{{- end }}
