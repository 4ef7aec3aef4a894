module github.com/earntrack/otel-preload/collector/retryrefused

go 1.25.0

require (
	go.opentelemetry.io/collector/component v1.61.0
	go.opentelemetry.io/collector/extension v1.61.0
	go.opentelemetry.io/collector/extension/extensionmiddleware v0.155.0
)
