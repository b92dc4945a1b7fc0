package dev.ringlet.io;

/**
 * A connected Unix domain socket. It has no settings of TCP, and cannot be reset or given to
 * another executor. <b>Thread:</b> any thread makes operations; its executor runs them.
 */
public interface UnixStream extends StreamSocket {
  /**
   * Sends the readable bytes of the buffer as {@link #send(IoBuffer)} does, and passes a file to
   * the peer with the first of them (SCM_RIGHTS). The file is still open here afterwards; who
   * closes it waits for the operation first. With the uring driver only; NIO fails with EOPNOTSUPP.
   *
   * @param buffer at least one byte; goes over to the operation, which releases it whatever happens
   * @param file a file of this executor
   * @return the operation; its value is the number of bytes
   * @throws IllegalArgumentException if the buffer is empty, or the file is of another executor
   */
  IoOp<Integer> send(IoBuffer buffer, AsyncFile file);

  /**
   * Sends the readable bytes of the buffer and passes a connection to the peer with the first of
   * them, as {@link #send(IoBuffer, AsyncFile)} does. Both programs have the connection then: who
   * gives it away closes it here, which ends nothing while the other one has it.
   *
   * @param buffer at least one byte; goes over to the operation, which releases it whatever happens
   * @param connection a plain TCP connection of this executor; what was received or {@linkplain
   *     StreamSocket#peek looked at} here is not passed
   * @return the operation; its value is the number of bytes
   * @throws IllegalArgumentException if the buffer is empty, or the connection is of another
   *     executor or speaks TLS
   */
  IoOp<Integer> send(IoBuffer buffer, TcpStream connection);

  /**
   * Receives once, bytes and the descriptors that come with them: {@link #receive()} has no room
   * for descriptors, so the kernel closes those that it meets. It waits for bytes, has its turn
   * among the {@linkplain #peek peeks}, and is refused during a subscription as they are. The
   * kernel keeps descriptors apart: no message has those of two sends. With the uring driver only;
   * NIO fails with EOPNOTSUPP.
   *
   * @return the operation; its value is to be {@linkplain UnixMessage#release released}
   */
  IoOp<UnixMessage> receiveMessage();

  /**
   * Where the connection was made: the listener's address, on both ends.
   *
   * @return the address
   */
  UnixAddress address();
}
