package dev.ringlet.io;

import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
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
   * <p>Where several writes are under way, {@link AsyncFile#dataSync()} after each is faster than
   * DSYNC with io_uring: the kernel does synchronous writes of one file one at a time.
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
   * Begins a file that is written once, with the defaults of {@link OutputOptions}.
   *
   * @param path where the file will be
   * @return as {@link #draft(Path, OutputOptions)}
   */
  default IoOp<FileDraft> draft(Path path) {
    return draft(path, OutputOptions.defaults());
  }

  /**
   * Begins a file that is written once: it is in its place when it is whole, and not before.
   *
   * @param path where the file will be; what is there stays until then
   * @param options how it is written; it is durable when it is sealed, whatever they say
   * @return the operation
   */
  IoOp<FileDraft> draft(Path path, OutputOptions options);

  /**
   * What is in a directory, in no order; the entries for the directory itself and its parent are
   * left out.
   *
   * @param directory the directory
   * @return as {@link #walk} of one level
   */
  default IoStream<DirectoryEntry> list(Path directory) {
    return walk(directory, WalkOptions.defaults().withMaxDepth(1));
  }

  /**
   * What is in a directory and, after each directory, what is in that. The kernel lists directories
   * by calls that block, so this is done on the threads of {@link
   * dev.ringlet.actor.ActorSystem#offload}, 64 entries at a time and while there is demand. What
   * comes and goes meanwhile may be seen or not. A directory that cannot be read ends the stream
   * with a failure.
   *
   * @param root a directory, or a link to one; not an entry itself
   * @param options how deep, and whether links are followed
   * @return the stream; each subscription lists anew
   */
  IoStream<DirectoryEntry> walk(Path root, WalkOptions options);

  /**
   * What happens in a directory, from the first demand on; what is below its own directories is not
   * watched. The first event is {@link DirectoryEvent.Kind#STARTED}: list the directory when it has
   * come and nothing is missed. An entry that is moved within the directory is told as deleted and
   * created. Changes that follow each other fast may be told as one; without demand up to 256
   * events are kept, and then {@link DirectoryEvent.Kind#OVERFLOW} is told. The stream ends when
   * the directory is deleted.
   *
   * <p>On every driver one thread of the system waits for the file system ({@link
   * java.nio.file.WatchService}); executors never do.
   *
   * @param directory the directory
   * @return the stream; each subscription watches for itself
   */
  IoStream<DirectoryEvent> watch(Path directory);

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
   * Binds a datagram socket of the Unix domain. EADDRINUSE is also what a file that is left from an
   * earlier socket gives: delete it before. With the uring driver only: the JDK has no such
   * sockets, and NIO fails with EOPNOTSUPP.
   *
   * @param local a path or an abstract name
   * @param options settings, remote address
   * @return the operation
   * @throws IllegalArgumentException if the settings say something of the internet or of
   *     connections
   */
  IoOp<UnixDatagramSocket> bind(UnixAddress local, UnixDatagramOptions options);

  /**
   * Finds the addresses of a host and connects to the first that answers (RFC 8305, "Happy
   * Eyeballs"): IPv6 and IPv4 take turns, IPv6 first; the next address is tried when the one before
   * has failed, or has not answered for {@linkplain
   * dev.ringlet.executor.ExecutorPool#withConnectAttemptDelay a quarter of a second}, and goes on
   * beside it. The first connection wins, the others are closed. The stream has TCP_NODELAY set.
   *
   * <p>The name is looked up on a thread for work that blocks, by the pool's {@linkplain
   * dev.ringlet.executor.ExecutorPool#withNameResolver resolver}; nothing but {@link IoOp#timeout}
   * limits how long that takes.
   *
   * <p>Fails with an {@link IoException} that names the host, and, if no address answers, each
   * address with its error; those of the attempts are its suppressed exceptions.
   *
   * @param host the name, or an address as text
   * @param port 1 to 65535
   * @return the operation
   * @throws IllegalArgumentException if the host is empty or the port is out of range
   */
  IoOp<TcpStream> connect(String host, int port);

  /**
   * Speaks TLS on a connection, by the JDK's engine: completes when the handshake is over, with
   * {@link TlsOptions#withHandshakeTimeout} as its {@linkplain IoOp#timeout timeout} unless another
   * is given. The connection goes over to the operation, and is closed if the handshake fails or is
   * cancelled; nothing may be subscribed to it.
   *
   * <p>Whom a client means only its {@linkplain TlsOptions#withPeer options} tell, whatever the
   * address of the connection is.
   *
   * <p>Fails with {@link TlsException} if TLS itself fails, with EBADF if the connection was closed
   * or detached before, else with {@link IoException}.
   *
   * @param connection a connection of this executor: a {@link TcpStream}, a {@link UnixStream}, or
   *     a {@link TlsStream}, for TLS in TLS
   * @param options the role, keys and trust
   * @return the operation
   * @throws IllegalArgumentException if the connection is not one of this executor, or if a client
   *     is to verify a host and was not told which
   */
  IoOp<TlsStream> tls(StreamSocket connection, TlsOptions options);

  /**
   * Connects to a host as {@link #connect(String, int)} does, then speaks TLS as {@link #tls} does.
   * {@link IoOp#timeout} limits both together, {@link TlsOptions#withHandshakeTimeout} the
   * handshake.
   *
   * @param host the name, or an address as text
   * @param port 1 to 65535
   * @param options a client's; the {@linkplain TlsOptions#withPeer peer} is this host unless it is
   *     set
   * @return the operation
   * @throws IllegalArgumentException if the host is empty, the port is out of range, or the options
   *     are a server's
   */
  IoOp<TlsStream> connectTls(String host, int port, TlsOptions options);

  /**
   * Makes a pipe of the kernel: what is sent at one end is received at the other, 64 KiB in
   * between.
   *
   * @return the operation; both ends are to be closed
   */
  IoOp<IoPipe> pipe();

  /**
   * Standard input of the process, whatever it is: a terminal, a pipe, a file. It is read only
   * while there is demand, from where the process's other reads have come to. To close it leaves
   * the descriptor open, for it is shared with the parent process.
   *
   * <p>The NIO driver reads with a thread of its own, and cannot call back a read that waits: when
   * nobody wants it any more, or the system closes, the thread, a daemon, stays behind until
   * something comes, which it keeps for the next to read standard input through this. The uring
   * driver calls such a read back; a piece that comes at the very moment of the cancellation is
   * dropped, as with every stream.
   *
   * @return the operation; its value reads for itself, so that several share what comes
   */
  IoOp<StreamInput> stdin();

  /**
   * Standard output of the process, whatever it is. To close it leaves the descriptor open. When
   * the output has ended or was closed, what has been sent is with the kernel.
   *
   * <p>The NIO driver writes with a thread of its own, and cannot call back a write that waits: a
   * send that is cancelled, or whose time is over, ends only when the 64 KiB that the thread has
   * begun with are written. A close does not wait for that: the send fails, and the 64 KiB may
   * still be written, before what is sent later.
   *
   * @return the operation; its value keeps its own order, and none with others for the same
   *     descriptor
   */
  IoOp<StreamOutput> stdout();

  /**
   * Standard error of the process, as {@link #stdout()}.
   *
   * @return the operation
   */
  IoOp<StreamOutput> stderr();

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
   * Cuts a stream of bytes into frames. A frame that has come in one piece is a part of that piece,
   * any other is copied; either way it is a lease on memory, and as scarce as the buffers of the
   * source. With no demand nothing is asked of the source; with demand up to four of its elements
   * are taken ahead, of a file's chunks one.
   *
   * <p>What was taken of a file and is not used up stays while no frame is wanted, and does not
   * give way to others. Whoever takes from many subscriptions in turn, such as a merge of sorted
   * files, needs memory for a chunk of each, its length rounded up to a power of two, and besides
   * for frames that are kept or lie across two chunks: with less, all of them wait for ever. Choose
   * {@link ChunkOptions#withChunkBytes} and {@code ExecutorPool.withBufferMemory} accordingly.
   *
   * @param source such as {@link AsyncFile#chunks()} or {@link TcpStream#receive()}; has the
   *     subscription as long as the frames have one
   * @param framing where frames begin and end
   * @return the frames; each is a buffer to release
   * @throws IllegalArgumentException if the source is of another runtime
   */
  IoStream<IoBuffer> frames(IoStream<IoBuffer> source, Framing framing);

  /**
   * As {@link #frames}, as text; it needs as much memory. What is not valid in the character set is
   * replaced, as {@link String#String(byte[], Charset)} does.
   *
   * @param source such as {@link AsyncFile#chunks()} or {@link TcpStream#receive()}
   * @param framing where frames begin and end, such as {@link Framing#lines()}
   * @param charset the character set
   * @return the frames as strings
   * @throws IllegalArgumentException if the source is of another runtime
   */
  IoStream<String> lines(IoStream<IoBuffer> source, Framing framing, Charset charset);

  /**
   * The lines of a stream of bytes, of at most 64 KiB each, in UTF-8.
   *
   * @param source such as {@link AsyncFile#chunks()} or {@link TcpStream#receive()}
   * @return the lines without their ends
   * @throws IllegalArgumentException if the source is of another runtime
   */
  default IoStream<String> lines(IoStream<IoBuffer> source) {
    return lines(source, Framing.lines(), StandardCharsets.UTF_8);
  }

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
