// Package retryrefused is an HTTP client middleware: a receiver that refuses the sender, and not what it sends, is tried again.
//
// The exporters take every 4xx but 429 as the end of a batch. That is right for 400, which the same samples will get again, and wrong for
// 401, 403 or 404, which a new password or address mends: there the queue has to keep its batches.
package retryrefused

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
)

// NewFactory is what the collector's builder asks each component for.
func NewFactory() extension.Factory {
	return extension.NewFactory(
		component.MustNewType("retry_refused"),
		func() component.Config { return &struct{}{} },
		func(context.Context, extension.Settings, component.Config) (extension.Extension, error) {
			return &middleware{}, nil
		},
		component.StabilityLevelBeta,
	)
}

type middleware struct {
	component.StartFunc
	component.ShutdownFunc
}

var _ extensionmiddleware.HTTPClient = (*middleware)(nil)

func (*middleware) GetHTTPRoundTripper(context.Context) (extensionmiddleware.WrapHTTPRoundTripperFunc, error) {
	return func(_ context.Context, next http.RoundTripper) (http.RoundTripper, error) { return &refusals{next}, nil }, nil
}

type refusals struct{ next http.RoundTripper }

// RoundTrip makes a refusal the error of a request that did not get through, which exporters try again.
func (r *refusals) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.next.RoundTrip(request)
	if err != nil || !refusesSender(response.StatusCode) {
		return response, err
	}
	_, _ = io.CopyN(io.Discard, response.Body, 4096)
	_ = response.Body.Close()
	return nil, fmt.Errorf("the receiver refuses this sender with %s: check its address, user name and password", response.Status)
}

func refusesSender(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound,
		http.StatusMethodNotAllowed, http.StatusProxyAuthRequired, http.StatusRequestTimeout:
		return true
	}
	return false
}
