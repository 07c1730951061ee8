{{/* Names, labels and pieces that several templates share. */}}

{{- define "roomful.fullname" -}}
{{ .Values.fullnameOverride | default .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "roomful.web" -}}
{{ .Values.web.name | default (printf "%s-web" (include "roomful.fullname" .)) }}
{{- end }}

{{- define "roomful.secret" -}}
{{ .Values.secret.existing | default (include "roomful.fullname" .) }}
{{- end }}

{{/* (list $ "web") */}}
{{- define "roomful.selector" -}}
app.kubernetes.io/name: roomful
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "roomful.labels" -}}
{{- $ := index . 0 -}}
{{ include "roomful.selector" . }}
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version }}
{{- end }}

{{/* (list $ .Values.image.web) */}}
{{- define "roomful.image" -}}
{{- $ := index . 0 -}}
{{ printf "%s%s:%s" $.Values.image.registry (index . 1) ($.Values.image.tag | default $.Chart.AppVersion) | quote }}
{{- end }}

{{/* The "restricted" Pod Security Standard; (list 10001) is the account. */}}
{{- define "roomful.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ index . 0 }}
runAsGroup: {{ index . 0 }}
fsGroup: {{ index . 0 }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "roomful.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* A container that makes a fresh volume its account's, where the storage does not heed fsGroup: (list $ image account volume). */}}
{{- define "roomful.owning" -}}
{{- $ := index . 0 -}}
{{- if $.Values.volumes.takeOwnership -}}
- name: take-ownership
  image: {{ index . 1 }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  command: [chown, "{{ index . 2 }}:{{ index . 2 }}", /volume]
  volumeMounts:
    - {name: {{ index . 3 }}, mountPath: /volume}
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {memory: 32Mi}
  securityContext:
    runAsNonRoot: false
    runAsUser: 0
    runAsGroup: 0
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop: [ALL]
      add: [CHOWN]
{{- end }}
{{- end }}

{{/* … of the pictures' volume: (list $ .Values.image.web). */}}
{{- define "roomful.owning-images" -}}
{{- $ := index . 0 -}}
{{- if not $.Values.images.s3 -}}
{{ include "roomful.owning" (list $ (include "roomful.image" .) 10001 "images") }}
{{- end }}
{{- end }}

{{/* What every pod of the chat has. */}}
{{- define "roomful.pod" -}}
serviceAccountName: {{ include "roomful.fullname" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "roomful.podSecurity" (list 10001) | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
volumes:
  - name: data
    emptyDir: {sizeLimit: 2Gi}
  - name: tmp
    emptyDir: {sizeLimit: 2Gi}
  {{- if not .Values.images.s3 }}
  - name: images
    persistentVolumeClaim:
      claimName: {{ include "roomful.fullname" . }}-images
  {{- end }}
{{- end }}

{{- define "roomful.mounts" -}}
- {name: data, mountPath: /data}
- {name: tmp, mountPath: /tmp}
{{- if not .Values.images.s3 }}
- {name: images, mountPath: /images}
{{- end }}
{{- end }}

{{/* The settings. */}}
{{- define "roomful.environment" -}}
{{- $secret := include "roomful.secret" . -}}
envFrom:
  - configMapRef:
      name: {{ include "roomful.fullname" . }}
  {{- with .Values.images.awsSecret }}
  - secretRef:
      name: {{ . }}
  {{- end }}
env:
  - name: SECRET_KEY
    valueFrom:
      secretKeyRef: {name: {{ $secret }}, key: secret-key}
  - name: DATABASE_URL
    valueFrom:
      secretKeyRef: {name: {{ $secret }}, key: database-url}
  - name: REDIS_URL
    valueFrom:
      secretKeyRef: {name: {{ $secret }}, key: redis-url}
  - name: METRICS_TOKEN
    valueFrom:
      secretKeyRef: {name: {{ $secret }}, key: metrics-token, optional: true}
{{- end }}

{{/* A container that waits, by a command of the chat's own: (list $ "wait-for-redis" image (list "redis" …)). */}}
{{- define "roomful.waiting" -}}
{{- $ := index . 0 -}}
- name: {{ index . 1 }}
  image: {{ include "roomful.image" (list $ (index . 2)) }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  command: {{ concat (list "python" "-m" "chat" "wait-for") (index . 3) | toJson }}
  {{- include "roomful.environment" $ | nindent 2 }}
  volumeMounts:
    {{- include "roomful.mounts" $ | nindent 4 }}
  resources:
    requests: {cpu: 50m, memory: 96Mi}
    limits: {memory: 192Mi}
  securityContext:
    {{- include "roomful.containerSecurity" $ | nindent 4 }}
{{- end }}

{{/* A pod begins anew when what it was told has changed. */}}
{{- define "roomful.checksums" -}}
checksum/settings: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
checksum/secret: {{ list .Values.secret .Values.redis.url .Values.redis.password .Values.postgres.url .Values.postgres.password .Values.images.awsSecret | toJson | sha256sum }}
{{- end }}
