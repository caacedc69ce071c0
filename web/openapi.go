package web

import _ "embed"

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI describes the API in OpenAPI 3, as YAML.
func OpenAPI() []byte { return openAPI }
