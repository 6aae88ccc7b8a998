/* journal.h: a session's lines in a file that survives its process.
 *
 * The first line says what was asked of whom; each further line holds the digest of the line before. Make the journal,
 * then the session with siuo_journal_sink() as its sink, then attach the two. The format: docs/session.md. */
#ifndef SIUO_JOURNAL_H
#define SIUO_JOURNAL_H

#include <siuo/session.h>

SIUO_BEGIN_DECLS

typedef struct siuo_journal siuo_journal;

/* Opens the file, or creates it, and locks it against other writers. Errors: SIUO_ESTATE (another process writes it),
 * SIUO_EIO, SIUO_ENOTFOUND (no such folder), SIUO_EINVAL (a folder), SIUO_EFORMAT (no regular file),
 * SIUO_ENOMEM. The caller owns *out.
 * @since 0.1.0 */
SIUO_API int siuo_journal_open(siuo_journal **out, siuo_ctx *ctx, const char *path);

/* Restores what the journal holds into a session that has its targets, pictures and selection and has handed out
 * nothing yet. A new journal gets its first line. A last line that was cut off is dropped, with a note to the context's
 * log. Errors: SIUO_ESTATE (made with other data, pictures, protocol, targets or rules: the message says which),
 * SIUO_EFORMAT (no journal; damaged: the message names the line; the file stays as it is),
 * SIUO_ELIMIT (a line beyond max_line), SIUO_EIO, SIUO_ENOMEM, and those of siuo_session_restore().
 * @since 0.1.0 */
SIUO_API int siuo_journal_attach(siuo_journal *j, siuo_session *s);

/* Restores what a journal holds into a session as siuo_journal_attach() does, for a look only: the file is neither
 * locked nor changed, and nothing is appended. Errors: those of siuo_journal_attach(), SIUO_ENOTFOUND (no such file).
 * @since 0.1.0 */
SIUO_API int siuo_journal_restore(siuo_session *s, siuo_ctx *ctx, const char *path);

/* Appends a line: the sink of siuo_session_options, with the journal as its user. SIUO_OK, or a status of writing
 * (SIUO_ELIMIT: a line that could not be read back), after which the file is as before. What the operating system
 * has taken survives this process; what was synced survives the machine.
 * @since 0.1.0 */
SIUO_API int siuo_journal_sink(const void *line, size_t len, void *journal);

/* Flushes every line to disk. Call it every so often: what is not flushed yet may be asked again after a crash of the
 * machine. Errors: SIUO_EIO, SIUO_ESTATE (nothing is attached).
 * @since 0.1.0 */
SIUO_API int siuo_journal_sync(siuo_journal *j);

/* Unlocks and closes the file; does not flush. NULL is fine.
 * @since 0.1.0 */
SIUO_API void siuo_journal_free(siuo_journal *j);

SIUO_END_DECLS

#endif
