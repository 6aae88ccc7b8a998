"""A test server on the loopback that speaks the APIs, says the same to the same question, and misbehaves on command."""

import base64
import gzip
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATHS = {"/v1/chat/completions": "openai", "/v1/responses": "openai-responses", "/v1/messages": "anthropic",
         "/api/chat": "ollama", "/completion": "llamacpp"}
KEY_HEADERS = {"openai": "authorization", "openai-responses": "authorization", "anthropic": "x-api-key",
               "gemini": "x-goog-api-key", "ollama": "authorization", "llamacpp": "authorization"}


def parts_of(api: str, body: dict) -> tuple[str, list[bytes], int]:
    """The text, the pictures and the number of answers of a request."""
    if api == "llamacpp":
        prompt = body["prompt"]
        text = prompt["prompt_string"].split("USER: <__media__>\n", 1)[1].removesuffix(" ASSISTANT:")
        return text, [base64.b64decode(p, validate=True) for p in prompt["multimodal_data"]], 1
    if api == "ollama":
        message = body["messages"][-1]
        return message["content"], [base64.b64decode(p, validate=True) for p in message.get("images", [])], 1
    if api == "gemini":
        parts = body["contents"][0]["parts"]
        pictures = [part["inlineData"]["data"] for part in parts if "inlineData" in part]
        text = "".join(part.get("text", "") for part in parts)
        return text, [base64.b64decode(p, validate=True) for p in pictures], body["generationConfig"].get("candidateCount", 1)
    content = (body["input"] if api == "openai-responses" else body["messages"])[-1]["content"]
    text, pictures = "", []
    for part in content:
        if "text" in part:
            text += part["text"]
        elif api == "anthropic":
            pictures.append(part["source"]["data"])
        else:
            url = part["image_url"] if isinstance(part["image_url"], str) else part["image_url"]["url"]
            pictures.append(url.split(";base64,")[1])
    return text, [base64.b64decode(p, validate=True) for p in pictures], body.get("n", 1)


def answer(text: str) -> str:
    """What the model, or its judge, says to a prompt: always the same."""
    pick = hashlib.sha256(text.encode()).digest()[0]
    if "[Safety Judgement:]" in text:
        return ("Fine.\n[Safety Judgement:] True", "[Safety Judgement:] False", "Not sure.")[pick % 3]
    if "[Effectiveness Judgement:]" in text:
        return ("[Effectiveness Judgement:] Very Effective", "[Effectiveness Judgement:] Ineffective")[pick % 2]
    if "letter of the option" in text:
        return f"({'ABCD'[pick % 4]})"
    return f"Take care: {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def reply(api: str, texts: list, finish: str = "stop", **more) -> dict:
    """A reply of the API with these answers; finish: stop, length, filter."""
    if api == "openai":
        word = {"filter": "content_filter"}.get(finish, finish)
        return {"model": "test-1", "usage": {"prompt_tokens": 7, "completion_tokens": 5},
                "choices": [{"index": i, "message": {"role": "assistant", "content": text} | more, "finish_reason": word}
                            for i, text in enumerate(texts)]}
    if api == "openai-responses":
        reason = {"length": "max_output_tokens", "filter": "content_filter"}.get(finish)
        return {"model": "test-1", "status": "incomplete" if reason else "completed",
                "incomplete_details": {"reason": reason} if reason else None,
                "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]} for text in texts]}
    if api == "anthropic":
        word = {"stop": "end_turn", "length": "max_tokens", "filter": "refusal"}[finish]
        return {"type": "message", "model": "test-1", "stop_reason": word,
                "content": [{"type": "text", "text": text} for text in texts]}
    if api == "gemini":
        word = {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY"}[finish]
        return {"modelVersion": "test-1", "candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": word}
                                                         for text in texts]}
    if api == "llamacpp":
        return {"model": "test-1", "content": texts[0], "stop_type": {"stop": "eos", "length": "limit"}[finish]}
    return {"model": "test-1", "done": True, "done_reason": finish, "message": {"role": "assistant", "content": texts[0]}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def send(self, status: int, body: bytes, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        server = self.server
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        api = PATHS.get(self.path, "gemini" if self.path.startswith("/v1beta/models/") else None)
        if api is None:
            return self.send(404, b'{"error": {"message": "no such place"}}')
        body = json.loads(raw)
        text, pictures, count = parts_of(api, body)
        with server.lock:
            tries = server.tries[raw] = server.tries.get(raw, 0) + 1
            server.log.append({"api": api, "text": text, "pictures": pictures, "count": count, "body": body,
                               "headers": {name.lower(): value for name, value in self.headers.items()}})
        time.sleep(server.delay)
        fault = server.fault(api, text, tries) if server.fault is not None else None
        if fault is not None:
            return fault(self, api, [answer(text)] * count)
        return self.send(200, json.dumps(reply(api, [answer(text)] * count)).encode())


class Server(ThreadingHTTPServer):
    """Use as `with Server() as server`; fault(api, text, tries) gives None or a function of handler, api and answers."""
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, delay: float = 0.0, fault=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock, self.log, self.tries, self.delay, self.fault = threading.Lock(), [], {}, delay, fault
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def __exit__(self, *args):
        self.shutdown()
        super().__exit__(*args)

    def handle_error(self, request, client_address):
        pass  # a client that went away

    def base(self, api: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}" + ("/v1" if api.startswith("openai") else "")


# ---- misbehaving ----


def status(code: int, words: str = "busy", **headers):
    return lambda handler, api, texts: handler.send(code, json.dumps({"error": {"message": words}}).encode(), **headers)


def raw(body: bytes, code: int = 200, **headers):
    return lambda handler, api, texts: handler.send(code, body, **headers)


def reset(handler, api, texts):
    handler.close_connection = True
    handler.connection.close()


def cut(handler, api, texts):
    body = json.dumps(reply(api, texts)).encode()
    handler.send(200, body[:len(body) // 2])


def short(handler, api, texts):
    """Fewer bytes than were promised."""
    body = json.dumps(reply(api, texts)).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body) + 10))
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = True
    handler.connection.close()


def bad_text(handler, api, texts):
    body = json.dumps(reply(api, ["@@"] * len(texts))).encode()
    handler.send(200, body.replace(b"@@", b"\xff\xfe"))


def zipped(handler, api, texts):
    handler.send(200, gzip.compress(json.dumps(reply(api, texts)).encode()), Content_Encoding="gzip")


def slow(handler, api, texts):
    body = json.dumps(reply(api, texts)).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for i in range(0, len(body), 50):
        handler.wfile.write(body[i:i + 50])
        handler.wfile.flush()
        time.sleep(0.005)


def hang(handler, api, texts):
    time.sleep(3)
    handler.close_connection = True


def huge(handler, api, texts):
    """200 MB, or as much of it as anyone takes."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(200 << 20))
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" " * (1 << 20))


def said(finish: str = "stop", **more):
    """The reply, but with other contents: text=None and the like."""
    text = more.pop("text", "keep")
    return lambda handler, api, texts: handler.send(200, json.dumps(
        reply(api, texts if text == "keep" else [text] * len(texts), finish, **more)).encode())


def counted(change: int):
    """Fewer or more answers than were asked for."""
    return lambda handler, api, texts: handler.send(
        200, json.dumps(reply(api, (texts + texts)[:max(1, len(texts) + change)])).encode())
