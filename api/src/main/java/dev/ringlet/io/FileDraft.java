package dev.ringlet.io;

import java.nio.file.Path;

/**
 * A file that is written once and then never changes: nobody sees it before it is {@linkplain #seal
 * sealed}, and from then on all of it is there, also after a crash or a power loss at any moment.
 *
 * <p>Until then it is a file beside its place whose name begins with a dot and ends in {@code
 * .draft}. A crash, or an owner that forgets it, leaves that file behind; it can be deleted.
 *
 * <p><b>Thread:</b> any thread makes operations; the executor runs them.
 */
public interface FileDraft {
  /**
   * Where the file will be.
   *
   * @return the path given to {@link Io#draft}
   */
  Path path();

  /**
   * What writes it. Its {@link FileOutput#close()} is done by {@link #seal()} and {@link
   * #discard()}.
   *
   * @return the output
   */
  FileOutput output();

  /**
   * Writes and syncs what the output has accepted, moves the file into its place, atomically and
   * also over a file that is there, makes its name durable by a sync of the directory, and opens it
   * for reading. Where that fails before the file is in its place, the draft is deleted. Cancelled
   * after its start, or past its timeout, it goes on all the same; so it may do when the system
   * closes meanwhile, and the file is then in its place or not.
   *
   * @return the operation; its value is the file, open for reading
   */
  IoOp<AsyncFile> seal();

  /**
   * Drops what was accepted and deletes the draft. Does nothing after a {@link #seal()}.
   *
   * @return the operation
   */
  IoOp<Void> discard();
}
