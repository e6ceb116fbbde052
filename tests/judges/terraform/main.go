// Reads Terraform's files as Terraform does, with HashiCorp's own parser, evaluates every
// template in them, and compares the resources with the requests to Datadog's API: the same
// texts, queries and numbers, and every monitor refers to the SLO that it watches.
//
// The provider's schema is not looked at: Datadog's client judges the fields of the requests.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/hashicorp/hcl/v2"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

const (
	sloType     = "datadog_service_level_objective"
	monitorType = "datadog_monitor"
)

type object = map[string]any

// Files come in pairs: a .datadog.json and its .datadog.tf.json.
func main() {
	failed := len(os.Args) < 3 || len(os.Args)%2 == 0
	for i := 1; i+1 < len(os.Args); i += 2 {
		count, err := judge(os.Args[i], os.Args[i+1])
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[i+1], err)
			failed = true
			continue
		}
		fmt.Fprintf(os.Stderr, "  %s: %d resources\n", os.Args[i+1], count)
	}
	if failed {
		os.Exit(1)
	}
}

func judge(api, terraform string) (int, error) {
	text, err := os.ReadFile(api)
	if err != nil {
		return 0, err
	}
	var requests struct {
		Objectives []struct {
			SLO      object
			Monitors []object
		}
	}
	if err := json.Unmarshal(text, &requests); err != nil {
		return 0, err
	}
	slos, monitors, err := evaluated(terraform)
	if err != nil {
		return 0, err
	}
	compared := 0
	for _, objective := range requests.Objectives {
		id, found := named(slos, objective.SLO["name"])
		if found == nil {
			return 0, fmt.Errorf("no SLO %v", objective.SLO["name"])
		}
		if !reflect.DeepEqual(found, objective.SLO) {
			return 0, fmt.Errorf("%v is not %v", found, objective.SLO)
		}
		compared++
		for _, expected := range objective.Monitors {
			_, found := named(monitors, expected["name"])
			if found == nil {
				return 0, fmt.Errorf("no monitor %v", expected["name"])
			}
			query := expected["query"].(string)
			expected["query"] = strings.ReplaceAll(query, "SLO_ID", "id of "+id)
			thresholds := expected["options"].(object)["thresholds"]
			delete(expected, "options")
			expected["monitor_thresholds"] = thresholds
			if !reflect.DeepEqual(found, expected) {
				return 0, fmt.Errorf("%v is not %v", found, expected)
			}
			compared++
		}
	}
	if compared != len(slos)+len(monitors) {
		return 0, fmt.Errorf("%d resources, of which %d are in the requests", len(slos)+len(monitors), compared)
	}
	return compared, nil
}

func named(resources map[string]object, name any) (string, object) {
	for id, resource := range resources {
		if resource["name"] == name {
			return id, resource
		}
	}
	return "", nil
}

// The SLOs and monitors of a file, with every template evaluated.
func evaluated(path string) (slos, monitors map[string]object, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	file, problems := hcljson.Parse(text, path)
	if problems.HasErrors() {
		return nil, nil, problems
	}
	schema := &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
		{Type: "resource", LabelNames: []string{"type", "name"}},
	}}
	content, problems := file.Body.Content(schema)
	if problems.HasErrors() {
		return nil, nil, problems
	}
	ids := map[string]cty.Value{}
	for _, block := range content.Blocks {
		if block.Labels[0] == sloType {
			id := cty.StringVal("id of " + block.Labels[1])
			ids[block.Labels[1]] = cty.ObjectVal(map[string]cty.Value{"id": id})
		}
	}
	context := &hcl.EvalContext{Variables: map[string]cty.Value{sloType: cty.ObjectVal(ids)}}
	slos, monitors = map[string]object{}, map[string]object{}
	for _, block := range content.Blocks {
		attributes, problems := block.Body.JustAttributes()
		if problems.HasErrors() {
			return nil, nil, problems
		}
		resource := object{}
		for key, attribute := range attributes {
			value, problems := attribute.Expr.Value(context)
			if problems.HasErrors() {
				return nil, nil, problems
			}
			if resource[key], err = plain(value); err != nil {
				return nil, nil, err
			}
		}
		kinds := map[string]map[string]object{sloType: slos, monitorType: monitors}
		kind, known := kinds[block.Labels[0]]
		if !known {
			return nil, nil, fmt.Errorf("a resource %s", block.Labels[0])
		}
		kind[block.Labels[1]] = resource
	}
	return slos, monitors, nil
}

func plain(value cty.Value) (any, error) {
	text, err := ctyjson.Marshal(value, value.Type())
	if err != nil {
		return nil, err
	}
	var plain any
	return plain, json.Unmarshal(text, &plain)
}
