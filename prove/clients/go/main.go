// Asks and follows a Tributary with Khan/genqlient, as proveClients.ts tells it to: a line of JSON for each step. generated.go is made of
// schema/api.graphql and operations.graphql.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/Khan/genqlient/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

var url, token = os.Getenv("TRIBUTARY_URL"), "Bearer " + os.Getenv("TRIBUTARY_TOKEN")

type event = FlowLifeFlowUpdatesFlowEvent

type signed struct{}

func (signed) Do(request *http.Request) (*http.Response, error) {
	request.Header.Set("authorization", token)
	return http.DefaultClient.Do(request)
}

type dialer struct{ *websocket.Dialer }

func (d dialer) DialContext(ctx context.Context, address string, header http.Header) (graphql.WSConn, error) {
	connection, _, err := d.Dialer.DialContext(ctx, address, header)
	return graphql.WSConn(connection), err
}

func main() {
	client := graphql.NewClient(url, signed{})
	first, err := FirstFlow(context.Background(), client)
	must(err)
	say("query", first)

	_, err = TooMany(context.Background(), client)
	var faults gqlerror.List
	if !errors.As(err, &faults) {
		fail("no GraphQL errors: %v", err)
	}
	say("error", faults[0].Extensions["code"])

	seen := follow(nil, 2)
	_, err = bufio.NewReader(os.Stdin).ReadString('\n')
	must(err)
	follow(&seen[1].Cursor, 1)
	say("refused", refusal())
}

func subscriptions(token string) graphql.WebSocketClient {
	return graphql.NewClientUsingWebSocket(
		strings.Replace(url, "http", "ws", 1),
		dialer{websocket.DefaultDialer},
		graphql.WithConnectionParams(map[string]any{"authorization": token}),
	)
}

// follow says each event, and leaves after count of them.
func follow(after *string, count int) []event {
	client := subscriptions(token)
	faults, err := client.Start(context.Background())
	must(err)
	events, subscription, err := FlowLife(context.Background(), client, after)
	must(err)
	var seen []event
	for len(seen) < count {
		select {
		case err := <-faults:
			fail("the socket: %v", err)
		case message := <-events:
			if len(message.Errors) > 0 {
				fail("%v", message.Errors)
			}
			seen = append(seen, message.Data.FlowUpdates)
			say("event", message.Data.FlowUpdates)
		case <-time.After(30 * time.Second):
			fail("no event came within 30 s")
		}
	}
	must(client.Unsubscribe(subscription))
	// It unsubscribes once more, behind its own close frame, and tells of that as an error.
	_ = client.Close()
	return seen
}

// refusal is what a wrong token comes to.
func refusal() string {
	if _, err := subscriptions("Bearer wrong").Start(context.Background()); err != nil {
		return err.Error()
	}
	fail("a wrong token was taken")
	return ""
}

func say(step string, value any) {
	line, err := json.Marshal(map[string]any{step: value})
	must(err)
	fmt.Println(string(line))
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}
