// Reads Pyrra's resources as Pyrra does, refusing unknown fields, has its webhook validate
// them, and has it make the rules that it would deploy. A warning of the webhook counts as an
// error, but for the namespace, which whoever applies a resource chooses.
//
// The rules are printed as a rule file, for promtool to look at.
package main

import (
	"context"
	"fmt"
	"os"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/pyrra-dev/pyrra/kubernetes/api/v1alpha1"
	"sigs.k8s.io/yaml"
)

func main() {
	var rules monitoringv1.PrometheusRuleSpec
	failed := false
	for _, path := range os.Args[1:] {
		groups, err := judge(path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			failed = true
		}
		rules.Groups = append(rules.Groups, groups...)
	}
	text, err := yaml.Marshal(rules)
	if err != nil || failed || len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(text)
}

func judge(path string) ([]monitoringv1.RuleGroup, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var resource v1alpha1.ServiceLevelObjective
	if err := yaml.UnmarshalStrict(text, &resource); err != nil {
		return nil, err
	}
	warnings, err := resource.ValidateCreate(context.Background(), &resource)
	if err != nil {
		return nil, err
	}
	for _, warning := range warnings {
		if warning != "namespace must be set" {
			return nil, fmt.Errorf("warning: %s", warning)
		}
	}
	objective, err := resource.Internal()
	if err != nil {
		return nil, err
	}
	increases, err := objective.IncreaseRules()
	if err != nil {
		return nil, err
	}
	burnRates, err := objective.Burnrates()
	if err != nil {
		return nil, err
	}
	// What Pyrra does not understand, it makes no rules of, and says nothing.
	if len(increases.Rules) == 0 || len(burnRates.Rules) == 0 {
		return nil, fmt.Errorf("Pyrra makes no rules of it")
	}
	return []monitoringv1.RuleGroup{increases, burnRates}, nil
}
