package dev.ringlet.io;

/**
 * A connection on its way from one executor to another: {@link TcpStream#detach()} makes it, {@link
 * Io#attach} takes it. Nothing happens on it meanwhile; what the peer sends waits in the kernel.
 *
 * <p><b>Thread:</b> any thread. Whoever has it last attaches or closes it: a message that carries
 * one and becomes a dead letter leaves the connection open.
 */
public interface DetachedTcpStream extends AutoCloseable {
  /** Closes the connection; does nothing if it was attached or closed. */
  @Override
  void close();
}
