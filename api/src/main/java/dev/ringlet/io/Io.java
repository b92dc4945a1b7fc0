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
   * @param path the file
   * @param options {@link java.nio.file.StandardOpenOption}s: READ, WRITE, CREATE, CREATE_NEW,
   *     TRUNCATE_EXISTING, DSYNC, SYNC; none means READ
   * @return the operation
   * @throws IllegalArgumentException if an option is not supported
   */
  IoOp<AsyncFile> open(Path path, OpenOption... options);

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
   * @param options backlog, port sharing
   * @return the operation
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
   * are taken ahead.
   *
   * @param source such as {@link AsyncFile#chunks()} or {@link TcpStream#receive()}; has the
   *     subscription as long as the frames have one
   * @param framing where frames begin and end
   * @return the frames; each is a buffer to release
   * @throws IllegalArgumentException if the source is of another runtime
   */
  IoStream<IoBuffer> frames(IoStream<IoBuffer> source, Framing framing);

  /**
   * As {@link #frames}, as text. What is not valid in the character set is replaced, as {@link
   * String#String(byte[], Charset)} does.
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
   * Leases a buffer for output from the executor's pool, position of writing at zero. Owner
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
