// Reads the recipes of the gate as those do whom they are for, and says what they would run.
//
//	gate github FILE        the step that asks the gate, as JSON
//	gate argo FILE CRD...   the resources of Argo Rollouts, refusing unknown fields and by their
//	                        schemas, and the command of the job, as JSON
//	gate flagger FILE CRD   the same of a canary; its webhook is answered by Flagger's load tester,
//	                        which runs the command: prints the status
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/fluxcd/flagger/pkg/apis/flagger/v1beta1"
	"github.com/fluxcd/flagger/pkg/loadtester"
	"go.uber.org/zap"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) < 2 {
		return errors.New("which recipe?")
	}
	text, err := os.ReadFile(arguments[1])
	if err != nil {
		return err
	}
	switch arguments[0] {
	case "github":
		return github(text)
	case "argo":
		return argo(text, arguments[2:])
	case "flagger":
		return flagger(text, arguments[2:])
	}
	return fmt.Errorf("no recipe is called %s", arguments[0])
}

type step struct {
	Run   string            `json:"run"`
	Shell string            `json:"shell"`
	Env   map[string]string `json:"env"`
	With  map[string]string `json:"with"`
}

// What the runner would do; whether it is a workflow is judged by actionlint.
func github(text []byte) error {
	var workflow struct {
		Jobs map[string]struct {
			Steps []step `json:"steps"`
		} `json:"jobs"`
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		return err
	}
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			if strings.Contains(step.Run, "slo gate") {
				return json.NewEncoder(os.Stdout).Encode(step)
			}
		}
	}
	return errors.New("no step asks the gate")
}

func argo(text []byte, crds []string) error {
	schemas, err := schemas(crds)
	if err != nil {
		return err
	}
	var template v1alpha1.AnalysisTemplate
	var rollout v1alpha1.Rollout
	for _, document := range documents(text) {
		kind, err := judged(document, schemas)
		if err != nil {
			return err
		}
		switch kind {
		case "AnalysisTemplate":
			err = yaml.UnmarshalStrict(document, &template)
		case "Rollout":
			err = yaml.UnmarshalStrict(document, &rollout)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
	}
	if len(template.Spec.Metrics) != 1 || rollout.Spec.Strategy.Canary == nil {
		return errors.New("a template with one metric and a canary are expected")
	}
	values := map[string]string{}
	for _, arg := range template.Spec.Args {
		if arg.Value != nil {
			values[arg.Name] = *arg.Value
		}
	}
	analysis := rollout.Spec.Strategy.Canary.Steps[0].Analysis
	if analysis == nil || analysis.Templates[0].TemplateName != template.Name {
		return errors.New("the first step is not the analysis")
	}
	for _, arg := range analysis.Args {
		values[arg.Name] = arg.Value
	}
	pod := template.Spec.Metrics[0].Provider.Job.Spec.Template.Spec
	command := append(pod.Containers[0].Command, pod.Containers[0].Args...)
	for place, word := range command {
		for name, value := range values {
			word = strings.ReplaceAll(word, "{{args."+name+"}}", value)
		}
		if strings.Contains(word, "{{") {
			return fmt.Errorf("an argument has no value: %s", word)
		}
		command[place] = word
	}
	return json.NewEncoder(os.Stdout).Encode(command)
}

func flagger(text []byte, crds []string) error {
	schemas, err := schemas(crds)
	if err != nil {
		return err
	}
	var canary v1beta1.Canary
	for _, document := range documents(text) {
		if _, err := judged(document, schemas); err != nil {
			return err
		}
		if err := yaml.UnmarshalStrict(document, &canary); err != nil {
			return err
		}
	}
	if len(canary.GetAnalysis().Webhooks) != 1 {
		return errors.New("one webhook is expected")
	}
	hook := canary.GetAnalysis().Webhooks[0]
	payload, err := json.Marshal(v1beta1.CanaryWebhookPayload{
		Name: canary.Name, Namespace: "shop", Phase: v1beta1.CanaryPhaseWaiting, Metadata: *hook.Metadata,
	})
	if err != nil {
		return err
	}
	logger := zap.NewNop().Sugar()
	handler := loadtester.HandleNewTask(logger, loadtester.NewTaskRunner(logger, time.Minute), loadtester.NewAuthorizer(nil))
	request := httptest.NewRequest(http.MethodPost, hook.URL, bytes.NewReader(payload))
	answer := httptest.NewRecorder()
	handler(answer, request)
	fmt.Fprintln(os.Stderr, answer.Body.String())
	fmt.Println(answer.Code)
	return nil
}

func documents(text []byte) [][]byte {
	return bytes.Split(text, []byte("\n---\n"))
}

// The schemas of resources, by their kinds and versions.
func schemas(files []string) (map[string]*spec.Schema, error) {
	schemas := map[string]*spec.Schema{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, document := range documents(text) {
			var crd struct {
				Spec struct {
					Group string `json:"group"`
					Names struct {
						Kind string `json:"kind"`
					} `json:"names"`
					Versions []struct {
						Name   string `json:"name"`
						Schema struct {
							Schema *spec.Schema `json:"openAPIV3Schema"`
						} `json:"schema"`
					} `json:"versions"`
				} `json:"spec"`
			}
			if err := yaml.Unmarshal(document, &crd); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			for _, version := range crd.Spec.Versions {
				key := crd.Spec.Group + "/" + version.Name + " " + crd.Spec.Names.Kind
				schemas[key] = version.Schema.Schema
			}
		}
	}
	return schemas, nil
}

// The kind of a resource that its schema lets through.
func judged(document []byte, schemas map[string]*spec.Schema) (string, error) {
	var resource map[string]any
	if err := yaml.Unmarshal(document, &resource); err != nil {
		return "", err
	}
	kind := fmt.Sprint(resource["kind"])
	schema := schemas[fmt.Sprint(resource["apiVersion"])+" "+kind]
	if schema == nil {
		return "", fmt.Errorf("there is no schema of %v %s", resource["apiVersion"], kind)
	}
	result := validate.NewSchemaValidator(schema, nil, "", strfmt.Default).Validate(resource)
	return kind, errors.Join(result.Errors...)
}
