package dev.ringlet.spi;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One request to a driver, filled by the scheduler, which subclasses it so that the request is also
 * the record of who waits for it.
 *
 * <p><b>Thread:</b> owner executor from {@link IoDriver#submit} to the last completion; in between
 * the fields that the driver reads must not change. After the last completion it may be changed and
 * submitted again.
 */
public abstract class IoRequest extends MailboxEntry {
  /** Flag of ACCEPT, RECEIVE and RECEIVE_DATAGRAM: many completions. */
  public static final int MULTISHOT = 1;

  /** Flag of RECEIVE, instead of MULTISHOT: the bytes are looked at and stay. */
  public static final int RECEIVE_PEEK = 2;

  /**
   * Flag of SEND: without a copy, if the driver can. It then holds the buffer by a {@linkplain
   * IoBuffer#retain lease of its own} for as long as the kernel may read it, which can be longer
   * than the request takes.
   */
  public static final int SEND_ZERO_COPY = 1;

  /** Flag of OPEN. */
  public static final int OPEN_READ = 1;

  /** Flag of OPEN. */
  public static final int OPEN_WRITE = 2;

  /** Flag of OPEN: make the file if it is missing. */
  public static final int OPEN_CREATE = 4;

  /** Flag of OPEN: make the file, fail if it is there. */
  public static final int OPEN_CREATE_NEW = 8;

  /** Flag of OPEN: cut to zero. */
  public static final int OPEN_TRUNCATE = 16;

  /** Flag of OPEN: every write is durable in data (O_DSYNC). */
  public static final int OPEN_DATA_SYNC = 32;

  /** Flag of OPEN: every write is durable in data and metadata (O_SYNC). */
  public static final int OPEN_SYNC = 64;

  /** Flag of OPEN: writes go to the end of the file (O_APPEND). */
  public static final int OPEN_APPEND = 128;

  /** Flag of OPEN: past the page cache (O_DIRECT). */
  public static final int OPEN_DIRECT = 256;

  /**
   * Flag of OPEN: a file without a name on the file system of {@code path}, a directory, which is
   * gone with its handle (O_TMPFILE).
   */
  public static final int OPEN_TEMPORARY = 512;

  /** Flag of ALLOCATE: the size of the file stays as it is. */
  public static final int ALLOCATE_KEEP_SIZE = 1;

  /** Flag of ALLOCATE: gives the blocks of the range back; it reads as zeros, the size stays. */
  public static final int ALLOCATE_PUNCH_HOLE = 2;

  /** Flag of STAT: of a symbolic link itself. */
  public static final int STAT_LINK = 1;

  /** Flag of LOCK: others may hold shared locks on the range too. */
  public static final int LOCK_SHARED = 1;

  /** Flag of LOCK: nobody else holds a lock on the range. */
  public static final int LOCK_EXCLUSIVE = 2;

  /** Flag of LOCK: gives the range free. */
  public static final int LOCK_RELEASE = 4;

  /** Flag of RENAME: fails with EEXIST where the other name is taken. */
  public static final int RENAME_KEEP = 1;

  /** Flag of UNLINK: an empty directory. */
  public static final int UNLINK_DIRECTORY = 1;

  /** Flag of LISTEN and BIND_DATAGRAM: SO_REUSEPORT; of the latter SO_REUSEADDR besides. */
  public static final int LISTEN_SHARED_PORT = 1;

  /** Flag of LISTEN: the wildcard address means IPv4 only. */
  public static final int LISTEN_IPV4_ONLY = 2;

  /** Flag of LISTEN: the wildcard address means IPv6 only (IPV6_V6ONLY). */
  public static final int LISTEN_IPV6_ONLY = 4;

  /** Flag of CLOSE: a connection is reset, what was sent and has not arrived is lost. */
  public static final int CLOSE_RESET = 1;

  /** Instead of {@link #buffers}: there are none. */
  protected static final IoBuffer[] NO_BUFFERS = {};

  /** What to do. */
  public IoOpcode opcode = IoOpcode.DELAY;

  /** Opcode's flags. */
  public int flags;

  /** The file or socket; null for OPEN, LISTEN, CONNECT, DELAY and what works on paths. */
  public @Nullable IoHandle handle;

  /** The file of SEND_FILE and RECEIVE_FILE; what SEND_DESCRIPTOR passes. */
  public @Nullable IoHandle otherHandle;

  /** Offset in the file or in the buffers, new length, or nanoseconds, as the opcode says. */
  public long position;

  /** The memory to read into or write from; held by the request until its last completion. */
  public @Nullable IoBuffer buffer;

  /** The memory of the operations on many buffers; held like {@link #buffer}. */
  public IoBuffer[] buffers = NO_BUFFERS;

  /** Offset of the first byte from the buffer's start, or from the first of many. */
  public int bufferOffset;

  /** Number of bytes, the backlog, permissions of what is made, or the index of an interface. */
  public int length;

  /** Number of bytes of a range of the file. */
  public long count;

  /** What OPEN opens, and what the operations on paths work on. */
  public @Nullable Path path;

  /** The second path of RENAME, LINK and SYMLINK. */
  public @Nullable Path otherPath;

  /**
   * Where LISTEN, CONNECT and datagrams go, or a group: an {@link InetSocketAddress} or a {@link
   * UnixAddress}.
   */
  public @Nullable SocketAddress address;

  /**
   * Where CONNECT of TCP comes from, null lets the kernel choose; what BIND_DATAGRAM binds to: an
   * {@link InetSocketAddress} or, for the latter, a {@link UnixAddress}.
   */
  public @Nullable SocketAddress localAddress;

  /** What LISTEN, CONNECT, BIND_DATAGRAM and CONFIGURE set. */
  public SocketOptions socketOptions = SocketOptions.defaults();

  /** The driver's own; -1 when the request is not with a driver. */
  public int driverSlot = -1;

  /** The driver's own. */
  public @Nullable Object driverState;

  /** For schedulers. */
  protected IoRequest() {}
}
