package dev.ringlet.spi;

/** The operations of a driver: which fields of {@link IoRequest} they read, what they give. */
public enum IoOpcode {
  /**
   * Opens {@code path} with {@code flags} ({@link IoRequest#OPEN_READ} ...). A file that is made
   * gets the permissions {@code length}, less the umask. Payload: the handle.
   */
  OPEN,
  /**
   * Reads into {@code buffer} at its base + {@code bufferOffset}, up to {@code length} bytes, from
   * {@code position} of the file. Result: bytes, 0 at the end.
   */
  READ,
  /**
   * Writes {@code length} bytes of the buffer to {@code position}, or to the end of a file that was
   * opened with {@link IoRequest#OPEN_APPEND}. Result: bytes, maybe fewer.
   */
  WRITE,
  /**
   * READ into {@code buffers}: what is writable in them, in order, is the target, of which the
   * first {@code bufferOffset} bytes are left out and {@code length} bytes filled at most. The
   * indices of the buffers must not change meanwhile, and are not moved.
   */
  READ_VECTOR,
  /**
   * WRITE from {@code buffers}: what is readable in them, in order, is the source, of which the
   * first {@code bufferOffset} bytes are left out and {@code length} bytes written at most.
   */
  WRITE_VECTOR,
  /** fdatasync. */
  DATA_SYNC,
  /** fsync. */
  SYNC,
  /**
   * sync_file_range from {@code position}, {@code length} bytes: writes them out and waits. A
   * driver that cannot tell ranges apart does DATA_SYNC.
   */
  SYNC_RANGE,
  /**
   * fallocate from {@code position}, {@code count} bytes, with {@code flags} ({@link
   * IoRequest#ALLOCATE_KEEP_SIZE}, {@link IoRequest#ALLOCATE_PUNCH_HOLE}).
   */
  ALLOCATE,
  /** Sets the file's length to {@code position}. */
  TRUNCATE,
  /** The file's length. Payload: a {@link Long}. */
  SIZE,
  /**
   * What the file system knows of the file: of the handle, or if that is null of {@code path},
   * where {@code flags} may say {@link IoRequest#STAT_LINK}. Payload: a {@link
   * dev.ringlet.io.FileStat}.
   */
  STAT,
  /**
   * Locks or unlocks the range from {@code position}, {@code count} bytes, 0 meaning up to whatever
   * end, as {@code flags} say ({@link IoRequest#LOCK_SHARED} ...). Waits for nobody. Result: 1, or
   * 0 if somebody else holds a lock against it.
   */
  LOCK,
  /**
   * Gives {@code path} the name {@code otherPath}, with {@code flags} ({@link
   * IoRequest#RENAME_KEEP}).
   */
  RENAME,
  /** Gives the file {@code path} the name {@code otherPath} besides. */
  LINK,
  /** Makes the symbolic link {@code otherPath}, which says {@code path}. */
  SYMLINK,
  /**
   * Takes the name {@code path} away: of anything but a directory, or with {@link
   * IoRequest#UNLINK_DIRECTORY} of an empty directory.
   */
  UNLINK,
  /** Makes the directory {@code path} with the permissions {@code length}, less the umask. */
  MAKE_DIRECTORY,
  /**
   * Closes the handle; requests in flight on it are cancelled and complete first. A file's writes
   * in flight complete regularly. With {@link IoRequest#CLOSE_RESET} a connection is reset.
   */
  CLOSE,
  /**
   * Binds to {@code address} and listens with backlog {@code length} and {@code flags} ({@link
   * IoRequest#LISTEN_SHARED_PORT} ...); SO_REUSEADDR is set. Accepted connections have {@code
   * options}. The wildcard address of either family listens for both, unless a flag says otherwise.
   * A Unix domain socket makes its file, which stays. Payload: the handle.
   */
  LISTEN,
  /**
   * Accepts connections, one or, with {@link IoRequest#MULTISHOT}, until cancelled or a failure.
   * Payload: the handle, TCP_NODELAY set unless the listener's options say otherwise. A multishot
   * request that ended without a failure reports its last connection with {@code more} false: arm
   * it again.
   */
  ACCEPT,
  /**
   * Connects to {@code address}, from {@code localAddress} if there is one (SO_REUSEADDR set if it
   * has a port), with {@code socketOptions}. Payload: the handle, TCP_NODELAY set unless the
   * options say otherwise.
   */
  CONNECT,
  /** Sets the {@code socketOptions} of a connection. */
  CONFIGURE,
  /**
   * Receives into a buffer of the driver, once or, with {@link IoRequest#MULTISHOT}, until
   * cancelled, the end (result 0, more false, no payload) or a failure. Payload: a buffer with the
   * bytes readable. Where no buffer is free the driver waits for one and reports nothing. A
   * completion with a payload and {@code more} false ended the request without ending the stream:
   * arm it again. With {@link IoRequest#RECEIVE_PEEK} the buffer gets {@code length} bytes at most,
   * which the next RECEIVE gives again; no other RECEIVE is in flight then.
   */
  RECEIVE,
  /**
   * Sends {@code length} bytes of the buffer from {@code bufferOffset}, with {@code flags} ({@link
   * IoRequest#SEND_ZERO_COPY}). Result: bytes, maybe fewer.
   */
  SEND,
  /**
   * Sends the readable bytes of all {@code buffers}, one after the other as if they were one
   * buffer, from {@code position} on. Result: bytes, maybe fewer.
   */
  SEND_VECTOR,
  /**
   * Sends up to {@code length} bytes of the file {@code otherHandle} from {@code position} on, past
   * user space, to a connection or a pipe. Result: bytes, maybe fewer, 0 at the end of the file.
   * EOPNOTSUPP, or EINVAL for some files, if that cannot be done: read and send then. A close of
   * the file ends it too.
   */
  SEND_FILE,
  /**
   * Moves up to {@code length} bytes from the reading end of a pipe to {@code position} of the file
   * {@code otherHandle}, past user space; one at a time. Result: bytes, maybe fewer, 0 at the end
   * of the pipe. EOPNOTSUPP if that cannot be done. A close of the file ends it too.
   */
  RECEIVE_FILE,
  /** Makes a pipe. Payload: its {@link PipeEnds}. RECEIVE works on one, all sends on the other. */
  PIPE,
  /**
   * Gives a handle for the process's descriptor {@code length}: RECEIVE works on 0, sends on 1 and
   * 2, one at a time, whatever they are; SEND_FILE fails with EOPNOTSUPP. The descriptor is neither
   * closed with the handle nor made non-blocking, since other processes have it too. Payload: the
   * handle.
   */
  OPEN_STANDARD,
  /**
   * SEND of at least one byte through a Unix domain socket, of which the first one carries the
   * descriptor of {@code otherHandle}, a file or a connection; once submitted it may be closed.
   * Result: bytes, maybe fewer: the rest goes by SEND. A driver that cannot fails with EOPNOTSUPP.
   */
  SEND_DESCRIPTOR,
  /**
   * RECEIVE, once, through a Unix domain socket, with the descriptors that come with the bytes.
   * Payload: {@link ReceivedDescriptors}; null at the end. A driver that cannot fails with
   * EOPNOTSUPP.
   */
  RECEIVE_DESCRIPTORS,
  /** Ends the output direction of the socket. */
  SHUTDOWN_OUTPUT,
  /**
   * Makes a UDP socket, or a datagram socket of the Unix domain, with {@code socketOptions}, bound
   * to {@code localAddress}, and connected to {@code address} if there is one; of UDP {@code flags}
   * may be {@link IoRequest#LISTEN_SHARED_PORT}. Payload: the handle. A driver without Unix
   * datagrams fails with EOPNOTSUPP.
   */
  BIND_DATAGRAM,
  /**
   * Sends {@code length} bytes of the buffer from {@code bufferOffset} as one datagram to {@code
   * address}, or where the socket is connected to. Result: bytes, never fewer. In the Unix domain
   * it does not wait: EAGAIN where the receiver has no room.
   */
  SEND_DATAGRAM,
  /**
   * Receives a datagram into a buffer of the driver, or many with {@link IoRequest#MULTISHOT}.
   * Payload: a {@link dev.ringlet.io.Datagram}; of a receive buffer it has all but {@link
   * dev.ringlet.io.Datagram#OVERHEAD_BYTES}. In the Unix domain a {@link
   * dev.ringlet.io.UnixDatagram}, with its own overhead. Else as RECEIVE, but there is no end.
   */
  RECEIVE_DATAGRAM,
  /** Joins the multicast group {@code address} at the interface with the index {@code length}. */
  JOIN_GROUP,
  /** Leaves a group that was joined like this. */
  LEAVE_GROUP,
  /** Completes with 0 after {@code position} nanoseconds. */
  DELAY
}
