#!/usr/bin/env python3
"""Scores recorded results through libsiuo.so: score.py DATA RESULTS"""
import ctypes
import sys

siuo = ctypes.CDLL("libsiuo.so.0")
siuo.siuo_ctx_errmsg.restype = siuo.siuo_buf_data.restype = ctypes.c_char_p
ctx, data, results, metrics, report = (ctypes.c_void_p() for _ in range(5))

def call(name, *args):
    if getattr(siuo, name)(*args) < 0:
        sys.exit(siuo.siuo_ctx_errmsg(ctx).decode())

call("siuo_ctx_new", ctypes.byref(ctx), None)
call("siuo_dataset_open", ctypes.byref(data), ctx, sys.argv[1].encode(), None)
call("siuo_results_new", ctypes.byref(results), ctx)
call("siuo_results_read", results, sys.argv[2].encode())
call("siuo_results_score", results, ctx, 0, data, ctypes.byref(metrics))  # 0: standard rules
call("siuo_report_render", ctypes.byref(report), ctx, metrics, 2, None)  # 2: JSON
print(siuo.siuo_buf_data(report).decode(), end="")
for kind, handle in (("buf", report), ("metrics", metrics), ("results", results), ("dataset", data), ("ctx", ctx)):
    getattr(siuo, f"siuo_{kind}_free")(handle)
