package dev.ringlet.io;

/**
 * A connected Unix domain socket. It has no settings of TCP, and cannot be reset or given to
 * another executor. <b>Thread:</b> any thread makes operations; its executor runs them.
 */
public interface UnixStream extends StreamSocket {
  /**
   * Where the connection was made: the listener's address, on both ends.
   *
   * @return the address
   */
  UnixAddress address();
}
