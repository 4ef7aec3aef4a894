// Loads Compose files with Compose's own library, as `docker compose config` does, and prints the result as JSON.
// Usage: compose-check ROOT [--env-file FILE] [--profile NAME] FILE...
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	envFile := flag.String("env-file", "", "a file of variables")
	profile := flag.String("profile", "", "a profile to switch on")
	flag.Parse()
	if err := load(flag.Arg(0), *envFile, *profile, flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load(root, envFile, profile string, files []string) error {
	options := []cli.ProjectOptionsFn{cli.WithWorkingDirectory(root), cli.WithOsEnv}
	if envFile != "" {
		options = append(options, cli.WithEnvFiles(envFile))
	}
	options = append(options, cli.WithDotEnv)
	if profile != "" {
		options = append(options, cli.WithProfiles([]string{profile}))
	} else {
		options = append(options, cli.WithDefaultProfiles())
	}
	configured, err := cli.NewProjectOptions(files, options...)
	if err != nil {
		return err
	}
	project, err := configured.LoadProject(context.Background())
	if err != nil {
		return err
	}
	json, err := project.MarshalJSON()
	if err == nil {
		_, err = os.Stdout.Write(json)
	}
	return err
}
