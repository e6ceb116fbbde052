// Reads inhibition rules as Alertmanager reads its configuration, and asks its inhibitor which
// of the alerts that our rules for Prometheus raise still come through.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/eventrecorder"
	"github.com/prometheus/alertmanager/featurecontrol"
	"github.com/prometheus/alertmanager/inhibit"
	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/provider/mem"
	"github.com/prometheus/common/model"
)

// The snippet is a part of a configuration; this is the least of the rest.
const rest = "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n"

// Alerts that fire together, and whether each comes through.
var scenarios = []struct {
	name   string
	alerts map[string]bool
}{
	{"a fast burn is one page", map[string]bool{
		"SloErrorBudgetBurn a shop page 1h":   true,
		"SloErrorBudgetBurn a shop page 6h":   false,
		"SloErrorBudgetBurn a shop ticket 1d": false,
		"SloErrorBudgetBurn a shop ticket 3d": false,
	}},
	{"a slower burn still pages", map[string]bool{
		"SloErrorBudgetBurn a shop page 6h":   true,
		"SloErrorBudgetBurn a shop ticket 1d": false,
	}},
	{"a slow burn is one ticket", map[string]bool{
		"SloErrorBudgetBurn a shop ticket 1d": true,
		"SloErrorBudgetBurn a shop ticket 3d": false,
	}},
	{"one SLO silences no other", map[string]bool{
		"SloErrorBudgetBurn a shop page 1h":   true,
		"SloErrorBudgetBurn b shop ticket 3d": true,
	}},
	{"nor the same in another job", map[string]bool{
		"SloErrorBudgetBurn a shop page 1h":    true,
		"SloErrorBudgetBurn a books ticket 3d": true,
	}},
	{"missing data is one ticket, and no page is lost", map[string]bool{
		"SloDataMissing - shop ticket -":      true,
		"SloErrorBudgetBurn a shop page 1h":   true,
		"SloErrorBudgetBurn b shop ticket 3d": false,
	}},
}

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: alertmanager FILE"))
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	// As Alertmanager's own main does, for names with dots.
	compat.InitFromFlags(slog.New(slog.DiscardHandler), featurecontrol.NoopFlags{})
	configuration, err := config.Load(string(text) + rest)
	if err != nil {
		fail(err)
	}
	for _, scenario := range scenarios {
		if err := judge(configuration, scenario.alerts); err != nil {
			fail(fmt.Errorf("%s: %w", scenario.name, err))
		}
	}
}

func judge(configuration *config.Config, alerts map[string]bool) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	logger := slog.New(slog.DiscardHandler)
	recorder := eventrecorder.NopRecorder()
	provider, err := mem.NewAlerts(ctx, time.Hour, 0, nil, logger, recorder, nil, nil)
	if err != nil {
		return err
	}
	defer provider.Close()
	for name := range alerts {
		firing := &alert.Alert{Alert: model.Alert{
			Labels:   labels(name),
			StartsAt: time.Now().Add(-time.Minute),
			EndsAt:   time.Now().Add(time.Hour),
		}}
		if err := provider.Put(ctx, firing); err != nil {
			return err
		}
	}
	inhibitor := inhibit.NewInhibitor(provider, configuration.InhibitRules, logger, recorder)
	go inhibitor.Run()
	defer inhibitor.Stop()
	inhibitor.WaitForLoading()
	for name, through := range alerts {
		if muted := inhibitor.Mutes(ctx, labels(name)); muted == through {
			return fmt.Errorf("%s: muted is %v", name, muted)
		}
	}
	return nil
}

// The labels of an alert by its name, SLO, job, severity and tier.
func labels(name string) model.LabelSet {
	keys := []model.LabelName{"alertname", "slo", "job", "severity", "slo_window_tier"}
	set := model.LabelSet{"slo_service": "orders"}
	for i, value := range strings.Fields(name) {
		if value != "-" {
			set[keys[i]] = model.LabelValue(value)
		}
	}
	// Whichever label says whose it is.
	set["service_namespace"], set["service.namespace"] = set["job"], set["job"]
	return set
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
