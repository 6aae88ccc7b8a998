/* siuo.h: all of libsiuo. */
#ifndef SIUO_SIUO_H
#define SIUO_SIUO_H

#include <siuo/batch.h>
#include <siuo/buf.h>
#include <siuo/ctx.h>
#include <siuo/dataset.h>
#include <siuo/error.h>
#include <siuo/image.h>
#include <siuo/journal.h>
#include <siuo/judge.h>
#include <siuo/lint.h>
#include <siuo/metrics.h>
#include <siuo/protocol.h>
#include <siuo/replay.h>
#include <siuo/report.h>
#include <siuo/results.h>
#include <siuo/reuse.h>
#include <siuo/session.h>
#include <siuo/stats.h>
#include <siuo/version.h>
#include <siuo/wire.h>

#endif
