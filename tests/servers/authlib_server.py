"""An authorization server that others wrote (Authlib) with a resource behind it, for tests/it/oauth_server.rs.

The first line of its standard input names the clients it knows, a JSON list of [id, secret]; the end of its input ends
it. It listens on a free port of 127.0.0.1 and says a line of JSON for each thing on its standard output: first the
port, then each request, the token calls with the names of what stood in them and never with a value.
"""

import json
import os
import sys
import threading

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain http, on this machine

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants, list_to_scope, scope_to_list
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler, make_server

METHODS = ["client_secret_basic", "client_secret_post"]
SCOPES = {"read", "write"}


class Client(ClientMixin):
    def __init__(self, id, secret):
        self.id, self.secret = id, secret

    def get_client_id(self):
        return self.id

    def check_client_secret(self, secret):
        return self.secret == secret

    def check_endpoint_auth_method(self, method, endpoint):
        return method in METHODS

    def check_grant_type(self, grant):
        return grant == "client_credentials"

    def get_allowed_scope(self, scope):
        return list_to_scope([word for word in scope_to_list(scope or "") if word in SCOPES])


class Token(dict, TokenMixin):
    is_expired = is_revoked = lambda _: False

    def get_scope(self):
        return self.get("scope", "")


class ClientCredentials(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class Bearer(BearerTokenValidator):
    def authenticate_token(self, text):
        return tokens.get(text)


def say(**what):
    print(json.dumps(what), flush=True)


class Quiet(WSGIRequestHandler):
    def log(self, *_):
        pass


clients = {id: Client(id, secret) for id, secret in json.loads(sys.stdin.readline())}
tokens = {}
app = Flask(__name__)
server = AuthorizationServer(
    app, query_client=clients.get, save_token=lambda token, _: tokens.update({token["access_token"]: Token(token)})
)
server.register_grant(ClientCredentials)
protected = ResourceProtector()
protected.register_token_validator(Bearer())


@app.post("/oauth/token")
def token():
    answer = server.create_token_response()
    scheme = request.headers.get("Authorization", "").split(" ")[0]
    empty = [name for name, value in request.form.items() if not value]
    say(path=request.path, status=answer.status_code, scheme=scheme, fields=sorted(request.form), empty=empty)
    return answer


@app.get("/resource")
@protected()
def resource():
    say(path=request.path, status=200)
    return {"seen": True}


listening = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
say(port=listening.port)
threading.Thread(target=listening.serve_forever, daemon=True).start()
sys.stdin.read()
