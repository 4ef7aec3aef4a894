// Loads stack files with the loader of `docker stack deploy`, and expands their configs as a node of the swarm does.
// Usage: swarm-check FILE...    prints {"stack": …, "rendered": {service: {path in the container: text}}} as JSON
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/docker/cli/cli/compose/loader"
	"github.com/docker/cli/cli/compose/schema"
	compose "github.com/docker/cli/cli/compose/types"
	"github.com/moby/swarmkit/v2/agent/exec"
	"github.com/moby/swarmkit/v2/api"
	"github.com/moby/swarmkit/v2/template"
)

func main() {
	stack, err := load(os.Args[1:])
	if err != nil {
		fail(err)
	}
	rendered, err := renderAll(stack)
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"stack": stack, "rendered": rendered}); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// What Docker would only warn of is an error here.
func load(files []string) (*compose.Config, error) {
	details := compose.ConfigDetails{WorkingDir: filepath.Dir(files[0]), Environment: environment()}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		parsed, err := loader.ParseYAML(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if names := loader.GetUnsupportedProperties(parsed); len(names) > 0 {
			return nil, fmt.Errorf("%s: ignored by docker stack deploy: %v", file, names)
		}
		if names := loader.GetDeprecatedProperties(parsed); len(names) > 0 {
			return nil, fmt.Errorf("%s: deprecated: %v", file, names)
		}
		details.ConfigFiles = append(details.ConfigFiles, compose.ConfigFile{Filename: file, Config: parsed})
	}
	details.Version = schema.Version(details.ConfigFiles[0].Config)
	return loader.Load(details)
}

func environment() map[string]string {
	variables := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		variables[name] = value
	}
	return variables
}

func renderAll(stack *compose.Config) (map[string]map[string]string, error) {
	rendered := map[string]map[string]string{}
	for _, service := range stack.Services {
		rendered[service.Name] = map[string]string{}
		for _, reference := range service.Configs {
			text, err := render(service, stack.Configs[reference.Source])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", reference.Source, err)
			}
			rendered[service.Name][reference.Target] = text
		}
	}
	return rendered, nil
}

func render(service compose.ServiceConfig, config compose.ConfigObjConfig) (string, error) {
	text, err := os.ReadFile(config.File)
	if err != nil {
		return "", err
	}
	spec := api.ConfigSpec{Data: text}
	if config.TemplateDriver != "" {
		spec.Templating = &api.Driver{Name: config.TemplateDriver}
	}
	expanded, _, err := template.ExpandConfigSpec(&api.Config{Spec: spec}, nil, taskOf(service), nothingElse{})
	if err != nil {
		return "", err
	}
	return string(expanded.Data), nil
}

func taskOf(service compose.ServiceConfig) *api.Task {
	container := &api.ContainerSpec{}
	for name, value := range service.Environment {
		if value != nil {
			container.Env = append(container.Env, name+"="+*value)
		}
	}
	return &api.Task{Spec: api.TaskSpec{Runtime: &api.TaskSpec_Container{Container: container}}}
}

// No secret goes into a config: those would be kept in memory, but shown by Prometheus's own page.
type nothingElse struct{}

func (nothingElse) Secrets() exec.SecretGetter { return nil }
func (nothingElse) Configs() exec.ConfigGetter { return nil }
func (nothingElse) Volumes() exec.VolumeGetter { return nil }
