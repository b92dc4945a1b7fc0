package dev.ringlet.io;

import java.net.InetSocketAddress;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Files, sockets, delays and buffers of one executor. What is opened here belongs to this executor:
 * its operations can be awaited, piped and subscribed by the executor's actors only.
 *
 * <p><b>Thread:</b> operations may be made on any thread; {@link #buffer} is for the owner
 * executor.
 */
public interface Io {
  /**
   * Opens a file.
   *
   * <p>With DELETE_ON_CLOSE the name is removed as soon as the file is open, as the JDK does on
   * Unix; the file itself goes with its close. {@link FileOption#TEMPORARY} gives it no name at
   * all.
   *
   * @param path the file
   * @param options {@link java.nio.file.StandardOpenOption}s: READ, WRITE, APPEND, CREATE,
   *     CREATE_NEW, TRUNCATE_EXISTING, DELETE_ON_CLOSE, DSYNC, SYNC; {@link FileOption}s; {@link
   *     FilePermissions} of a file that is made. Neither WRITE nor APPEND means READ, and CREATE,
   *     CREATE_NEW and TRUNCATE_EXISTING are then ignored
   * @return the operation; EINVAL if the file system has no direct I/O and DIRECT was given
   * @throws IllegalArgumentException if an option is not supported, or APPEND is given together
   *     with READ or TRUNCATE_EXISTING
   */
  IoOp<AsyncFile> open(Path path, OpenOption... options);

  /**
   * Operations on names: stat, rename, link, unlink, directories.
   *
   * @return the operations of this executor
   */
  PathOperations paths();

  /**
   * Binds and listens.
   *
   * @param address the local address; port 0 lets the kernel choose
   * @param options backlog, port sharing, family, settings of the connections
   * @return the operation
   * @throws IllegalArgumentException if the address is not resolved, or of another family than the
   *     options ask for
   */
  IoOp<TcpListener> listen(InetSocketAddress address, ListenOptions options);

  /**
   * Connects. The stream has TCP_NODELAY set.
   *
   * @param address the resolved remote address
   * @return the operation
   * @throws IllegalArgumentException if the address is not resolved
   */
  IoOp<TcpStream> connect(InetSocketAddress address);

  /**
   * Connects as the options say. To limit how long it may take use {@link IoOp#timeout}: it then
   * fails with ETIMEDOUT, and nothing is left open.
   *
   * @param address the resolved remote address
   * @param options the settings, and the local address
   * @return the operation
   * @throws IllegalArgumentException if the address is not resolved, or the local address is of
   *     another family
   */
  IoOp<TcpStream> connect(InetSocketAddress address, ConnectOptions options);

  /**
   * Binds a Unix domain socket and listens. EADDRINUSE is also what a file that is left from an
   * earlier listener gives: delete it before.
   *
   * @param address a path, or with the uring driver an abstract name
   * @param options backlog, buffer sizes, timeouts and output limit of the connections
   * @return the operation
   * @throws IllegalArgumentException if the options say something of TCP or the internet
   */
  IoOp<UnixListener> listen(UnixAddress address, ListenOptions options);

  /**
   * Connects to a Unix domain socket. Where the listener's backlog is full the uring driver waits
   * for room; the NIO driver cannot, and fails with EAGAIN.
   *
   * @param address a path, or with the uring driver an abstract name
   * @param options buffer sizes, timeouts and output limit
   * @return the operation
   * @throws IllegalArgumentException if the options say something of TCP
   */
  IoOp<UnixStream> connect(UnixAddress address, SocketOptions options);

  /**
   * Binds a UDP socket. It is of the family of its address: {@code 0.0.0.0} is for IPv4, {@code ::}
   * for IPv6, and for IPv4 too where the machine has both.
   *
   * @param local the local address; port 0 lets the kernel choose
   * @param options settings, remote address, port sharing
   * @return the operation
   * @throws IllegalArgumentException if the address is not resolved, the remote one is of another
   *     family, or the settings say something of connections
   */
  IoOp<UdpSocket> bind(InetSocketAddress local, UdpOptions options);

  /**
   * Takes a connection that another executor has given away. Owner executor only.
   *
   * @param connection from {@link TcpStream#detach()}
   * @return the connection, as one of this executor
   * @throws IllegalStateException on another thread, or if it was attached or closed already
   * @throws IllegalArgumentException if it comes from an executor with another I/O driver
   */
  TcpStream attach(DetachedTcpStream connection);

  /**
   * Completes after a time. For many or repeated delays {@link dev.ringlet.actor.Timers} are
   * cheaper.
   *
   * @param delay zero or more
   * @return the operation
   */
  IoOp<Void> delay(Duration delay);

  /**
   * Ticks at a fixed rate: 0, 1, 2 and so on. A tick that finds no demand waits for it, and those
   * that would have come meanwhile are left out, so that the numbers tell how many were missed.
   *
   * @param interval the time from tick to tick; more than zero
   * @return the stream; the first tick comes an interval after the subscription
   */
  IoStream<Long> ticks(Duration interval);

  /**
   * Leases a buffer for output from the executor's pool, position of writing at zero. Its memory
   * begins at a multiple of its size, or of 4096 if it is larger, as direct I/O wants it. Owner
   * executor only.
   *
   * @param bytes at least this capacity, 1 to 1 GiB
   * @return the buffer; hand it to an operation or {@linkplain IoBuffer#release release} it
   * @throws BufferMemoryException if the executor's buffers have used up their memory, or
   *     operations wait for some, which nobody may overtake
   * @throws IllegalArgumentException if it is more than all buffers together may have
   */
  IoBuffer buffer(int bytes);

  /**
   * Leases a buffer for output from the executor's pool, when there is memory for it: while all
   * that {@link dev.ringlet.executor.ExecutorPool#withBufferMemory} allows is lent, it waits in one
   * line with the reads of files, first come, first served.
   *
   * <p>Who holds buffers while it waits for others may wait for itself: ask once, for all that is
   * needed together, or set a {@linkplain IoOp#timeout timeout}.
   *
   * @param bytes at least this capacity, 1 to 1 GiB
   * @return the operation; its value is to be handed on or {@linkplain IoBuffer#release released}
   * @throws IllegalArgumentException if it is more than all buffers together may have
   */
  IoOp<IoBuffer> bufferWhenFree(int bytes);
}
