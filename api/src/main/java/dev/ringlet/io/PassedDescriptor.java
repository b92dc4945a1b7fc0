package dev.ringlet.io;

import java.nio.file.Path;

/**
 * An open file or connection that another program has passed. It is open here, beside the other
 * program's: what is shared is the file or the connection itself, with its settings and its
 * position.
 *
 * <p><b>Thread:</b> owner executor takes it; {@link #close} any thread. Whoever has it last takes
 * or closes it: one that is forgotten stays open.
 */
public interface PassedDescriptor extends AutoCloseable {
  /**
   * Takes it as a file. If it was opened for appending or for direct I/O, so it is here; for the
   * latter an alignment of 4096 bytes is taken.
   *
   * @param path what {@link AsyncFile#path()} and messages call it; the file is not looked for
   *     there
   * @return the file, open
   * @throws IllegalStateException if it was taken or closed already, or on another thread
   * @throws IllegalArgumentException if it is a socket; it can be taken otherwise then
   */
  AsyncFile toFile(Path path);

  /**
   * Takes it as a TCP connection, with default settings for what the kernel does not keep, such as
   * timeouts. It is set to blocking (without O_NONBLOCK), as rings want it, which everybody sees
   * who shares it.
   *
   * @return the connection
   * @throws IllegalStateException if it was taken or closed already, or on another thread
   * @throws IllegalArgumentException if it is no TCP connection; it can be taken otherwise then
   */
  TcpStream toTcpStream();

  /** Closes it; does nothing if it was taken or closed. */
  @Override
  void close();
}
