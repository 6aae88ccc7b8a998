#!/usr/bin/env python3
"""A whole evaluation through libsiuo.so, ask_model() being where yours goes: evaluate.py DATA"""
import ctypes
import sys

siuo = ctypes.CDLL("libsiuo.so.0")
for name in ("ctx_errmsg", "buf_data", "job_prompt"):
    getattr(siuo, f"siuo_{name}").restype = ctypes.c_char_p
siuo.siuo_job_id.restype, siuo.siuo_session_metrics.restype = ctypes.c_uint64, ctypes.c_void_p
ctx, data, protocol, session, job, report = (ctypes.c_void_p() for _ in range(6))

def call(name, *args):
    status = getattr(siuo, name)(*args)
    return status if status >= 0 else sys.exit(siuo.siuo_ctx_errmsg(ctx).decode())

def ask_model(kind, prompt):  # generate, choose, judge safety, judge effectiveness
    return (b"Please don't.", b"(A)", b"[Safety Judgement:] True", b"[Effectiveness Judgement:] Ineffective")[kind - 1]

call("siuo_ctx_new", ctypes.byref(ctx), None)
call("siuo_dataset_open", ctypes.byref(data), ctx, sys.argv[1].encode(), None)
call("siuo_protocol_default", ctypes.byref(protocol), ctx)
call("siuo_session_new", ctypes.byref(session), ctx, data, protocol, None)
while call("siuo_session_next", session, ctypes.byref(job)) == 0:
    reply = ask_model(siuo.siuo_job_kind(job), siuo.siuo_job_prompt(job, None))
    call("siuo_session_submit_text", session, ctypes.c_uint64(siuo.siuo_job_id(job)), reply, ctypes.c_size_t(len(reply)))
call("siuo_report_render", ctypes.byref(report), ctx, ctypes.c_void_p(siuo.siuo_session_metrics(session)), 1, None)
print(siuo.siuo_buf_data(report).decode(), end="")
