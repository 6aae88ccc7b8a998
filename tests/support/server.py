"""A test server on the loopback that speaks the APIs, says the same to the same question, and misbehaves on command."""

import binascii
import gzip
import hashlib
import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATHS = {"/v1/chat/completions": "openai", "/v1/responses": "openai-responses", "/v1/messages": "anthropic",
         "/api/chat": "ollama", "/completion": "llamacpp"}
KEY_HEADERS = {"openai": "authorization", "openai-responses": "authorization", "anthropic": "x-api-key",
               "gemini": "x-goog-api-key", "ollama": "authorization", "llamacpp": "authorization"}


def picture(text: str) -> bytes:
    """The first bytes of a picture, which must be base64: all of it, unless that takes long."""
    return binascii.a2b_base64(text if len(text) < 1 << 18 else text[:64], strict_mode=True)[:16]


def parts_of(api: str, body: dict) -> tuple[str, list[bytes], int]:
    """The text, the first bytes of the pictures and the number of answers of a request."""
    if api == "llamacpp":
        prompt = body["prompt"]
        text = prompt["prompt_string"].split("USER: <__media__>\n", 1)[1].removesuffix(" ASSISTANT:")
        return text, [picture(p) for p in prompt["multimodal_data"]], 1
    if api == "ollama":
        message = body["messages"][-1]
        return message["content"], [picture(p) for p in message.get("images", [])], 1
    if api == "gemini":
        parts = body["contents"][0]["parts"]
        pictures = [part["inlineData"]["data"] for part in parts if "inlineData" in part]
        text = "".join(part.get("text", "") for part in parts)
        return text, [picture(p) for p in pictures], body["generationConfig"].get("candidateCount", 1)
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
    return text, [picture(p) for p in pictures], body.get("n", 1)


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


FINISHES = {  # what each API calls an end; None: it has no such end
    "openai": {"filter": "content_filter", "other": "tool_calls"},
    "openai-responses": {"length": "max_output_tokens", "filter": "content_filter"},
    "anthropic": {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal", "other": "pause_turn"},
    "gemini": {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY", "other": "OTHER", "recitation": "RECITATION"},
    "ollama": {"other": "unload"},
    "llamacpp": {"stop": "eos", "length": "limit", "other": "none"},
}


def reply(api: str, texts: list, finish: str = "stop", reasoning: str | None = None) -> dict:
    """A reply of the API with these answers (None: without a text); finish: stop, length, filter, refusal, other …"""
    word = FINISHES[api].get(finish, finish)
    if api == "openai":
        more = {"reasoning_content": reasoning} if reasoning else {}
        if finish == "refusal":
            word, more = "stop", {"refusal": "No."}
        return {"model": "test-1", "system_fingerprint": "fp_1", "usage": {"prompt_tokens": 7, "completion_tokens": 5},
                "choices": [{"index": i, "message": {"role": "assistant", "content": text} | more, "finish_reason": word}
                            for i, text in enumerate(texts)]}
    if api == "openai-responses":
        reason = word if finish in ("length", "filter") else None
        parts = [{"type": "refusal", "refusal": "No."}] if finish == "refusal" else []
        parts += [{"type": "output_text", "text": text} for text in texts if text is not None]
        output = [{"type": "reasoning", "summary": []}] if reasoning else []
        return {"model": "test-1", "status": {"other": "cancelled"}.get(finish, "incomplete" if reason else "completed"),
                "incomplete_details": {"reason": reason} if reason else None, "error": None,
                "output": output + ([{"type": "message", "content": parts}] if parts else [])}
    if api == "anthropic":
        content = [{"type": "thinking", "thinking": reasoning}] if reasoning else []
        return {"type": "message", "model": "test-1", "stop_reason": word,
                "content": content + [{"type": "text", "text": text} for text in texts if text is not None]}
    if api == "gemini":
        thought = [{"text": reasoning, "thought": True}] if reasoning else []
        return {"modelVersion": "test-1", "candidates": [
            {"content": {"parts": thought + ([{"text": text}] if text is not None else [])}, "finishReason": word}
            for text in texts]}
    if api == "llamacpp":
        return {"model": "test-1", "content": texts[0], "stop_type": word}
    message = {"role": "assistant", "content": texts[0]} | ({"thinking": reasoning} if reasoning else {})
    return {"model": "test-1", "done": True, "done_reason": word, "message": message}


def pieces(api: str, texts: list) -> list:
    """The same as a stream's pieces, in the order of the API."""
    word = FINISHES[api].get("stop", "stop")
    halves = [(i, text[:len(text) // 2], text[len(text) // 2:]) for i, text in enumerate(texts)]
    if api == "openai":
        chunk = {"object": "chat.completion.chunk", "model": "test-1", "system_fingerprint": "fp_1"}
        deltas = [{"index": i, "delta": {"content": half}, "finish_reason": None} for i, *both in halves for half in both]
        deltas += [{"index": i, "delta": {}, "finish_reason": word} for i, *_ in halves]
        return [chunk | {"choices": [delta]} for delta in deltas] + [
            chunk | {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 5}}]
    if api == "openai-responses":
        return [{"type": "response.output_text.delta", "delta": texts[0]}, {"type": "response.completed", "response": reply(api, texts)}]
    if api == "anthropic":
        return [{"type": "message_start", "message": {"type": "message", "model": "test-1", "content": [], "usage": {"input_tokens": 7}}},
                {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
                *[{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": half}} for half in halves[0][1:]],
                {"type": "message_delta", "delta": {"stop_reason": word}, "usage": {"output_tokens": 5}}, {"type": "message_stop"}]
    if api == "gemini":
        return [{"modelVersion": "test-1", "candidates": [{"index": i, "content": {"parts": [{"text": text}]}} | end]}
                for i, first, last in halves for text, end in ((first, {}), (last, {"finishReason": word}))]
    if api == "llamacpp":
        return [{"content": halves[0][1], "stop": False}, {"content": halves[0][2], "stop": False},
                {"model": "test-1", "content": "", "stop": True, "stop_type": word}]
    return [{"model": "test-1", "done": False, "message": {"role": "assistant", "content": half}} for half in halves[0][1:]] + [
        {"model": "test-1", "done": True, "done_reason": word, "message": {"role": "assistant", "content": ""}}]


def wants_stream(path: str, query: str, body: dict) -> bool:
    return body.get("stream") is True or (path.endswith(":streamGenerateContent") and query == "alt=sse")


def streamed(handler, api, texts):
    """The reply as a stream."""
    if api == "ollama":
        return handler.send(200, b"".join(json.dumps(piece).encode() + b"\n" for piece in pieces(api, texts)),
                            Content_Type="application/x-ndjson")
    events = [b"data: " + json.dumps(piece).encode() + b"\n\n" for piece in pieces(api, texts)]
    return handler.send(200, b"".join(events) + (b"data: [DONE]\n\n" if api == "openai" else b""), Content_Type="text/event-stream")


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

    def do_GET(self):
        """Only a redirect that was followed comes here."""
        self.server.log.append({"api": None, "headers": {name.lower(): value for name, value in self.headers.items()}})
        self.send(404, b"{}")

    def do_POST(self):
        server = self.server
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        path, _, query = self.path.partition("?")
        api = PATHS.get(path, "gemini" if path.startswith("/v1beta/models/") else None)
        if path.startswith("/openai/deployments/") and path.endswith("/chat/completions") and query:
            api = "openai"  # Azure's
        if api is None:
            server.log.append({"api": None, "path": self.path})
            return self.send(404, b'{"error": {"message": "no such place"}}')
        body = json.loads(raw)
        text, pictures, count = parts_of(api, body)
        with server.lock:
            tries = server.tries[hash(raw)] = server.tries.get(hash(raw), 0) + 1
            server.log.append({"api": api, "text": text, "pictures": pictures, "count": count,
                               "body": body if len(raw) < 1 << 20 else None, "path": self.path,
                               "headers": {name.lower(): value for name, value in self.headers.items()}})
        time.sleep(server.delay)
        fault = server.fault(api, text, tries) if server.fault is not None else None
        if fault is not None:
            return fault(self, api, [answer(text)] * count)
        if wants_stream(path, query, body):
            return streamed(self, api, [answer(text)] * count)
        return self.send(200, json.dumps(reply(api, [answer(text)] * count)).encode())


class Server(ThreadingHTTPServer):
    """Use as `with Server() as server`; fault(api, text, tries) gives None or a function of handler, api and answers."""
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, delay: float = 0.0, fault=None, host: str = "127.0.0.1"):
        super().__init__((host, 0), Handler)
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


# ---- misbehaving: functions of handler, API and answers ----

HOSTILE = "\x1b[31m\u202e no \x07"  # what no terminal may get


def status(code: int, words="busy" + HOSTILE, **headers):
    """An error whose words are a string, or the whole error as it is."""
    error = {"message": words} if isinstance(words, str) else words
    return raw(json.dumps({"error": error}).encode(), code, **headers)


def error(value, code: int = 400, **headers):
    return raw(json.dumps({"error": value}).encode(), code, **headers)


def raw(body: bytes, code: int = 200, **headers):
    return lambda handler, api, texts: handler.send(code, body, **headers)


def reset(handler, api, texts):
    """The connection ends with a reset, before a byte of the reply."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def no_http(handler, api, texts):
    """Bytes that are no reply of any kind."""
    handler.close_connection = True
    handler.wfile.write(HOSTILE.encode() * 9 + b"\r\n\r\n")


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
    """A text that is not UTF-8: no JSON."""
    body = json.dumps(reply(api, ["@@"] * len(texts))).encode()
    handler.send(200, body.replace(b"@@", b"\xff\xfe"))


def with_nul(handler, api, texts):
    """A bare NUL inside a text: no JSON either."""
    body = json.dumps(reply(api, ["@@"] * len(texts))).encode()
    handler.send(200, body.replace(b"@@", b"a\0b"))


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


def said(finish: str = "stop", text="keep", **more):
    """The reply, but with another text or end."""
    return lambda handler, api, texts: handler.send(200, json.dumps(
        reply(api, texts if text == "keep" else [text] * len(texts), finish, **more)).encode())


def counted(change: int):
    """Fewer or more answers than were asked for."""
    return lambda handler, api, texts: handler.send(
        200, json.dumps(reply(api, (texts + texts)[:max(1, len(texts) + change)])).encode())
