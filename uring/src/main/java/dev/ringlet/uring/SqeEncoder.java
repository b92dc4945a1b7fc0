package dev.ringlet.uring;

/**
 * One method per operation, each of which fills one submission entry. Addresses must stay valid
 * until the kernel has consumed the entry, those of data until the completion.
 *
 * <p><b>Thread:</b> owner executor. The caller has checked that the queue has room.
 */
final class SqeEncoder {
  private static final int NO_FD = -1;

  /** Instead of a position: the file has none. */
  static final long STREAM = -1;

  private final SubmissionQueue queue;

  SqeEncoder(SubmissionQueue queue) {
    this.queue = queue;
  }

  void openAt(long path, int flags, int mode, long userData) {
    push(
        Abi.IORING_OP_OPENAT,
        Posix.AT_FDCWD,
        0,
        path,
        SqeLayout.lenAndFlags(mode, flags),
        userData);
  }

  void read(int fd, long position, long address, int length, long userData) {
    push(Abi.IORING_OP_READ, fd, position, address, SqeLayout.lenAndFlags(length, 0), userData);
  }

  void write(int fd, long position, long address, int length, long userData) {
    push(Abi.IORING_OP_WRITE, fd, position, address, SqeLayout.lenAndFlags(length, 0), userData);
  }

  /** Into memory of the ring's table. */
  void readRegistered(int fd, long position, long address, int length, int slot, long userData) {
    long head = SqeLayout.head(Abi.IORING_OP_READ_FIXED, 0, 0, fd);
    queue.push(head, position, address, SqeLayout.lenAndFlags(length, 0), userData, slot);
  }

  /** From memory of the ring's table. */
  void writeRegistered(int fd, long position, long address, int length, int slot, long userData) {
    long head = SqeLayout.head(Abi.IORING_OP_WRITE_FIXED, 0, 0, fd);
    queue.push(head, position, address, SqeLayout.lenAndFlags(length, 0), userData, slot);
  }

  /** {@code iovecs} is the address of {@code count} {@code struct iovec}. */
  void readVector(int fd, long position, long iovecs, int count, long userData) {
    push(Abi.IORING_OP_READV, fd, position, iovecs, SqeLayout.lenAndFlags(count, 0), userData);
  }

  void writeVector(int fd, long position, long iovecs, int count, long userData) {
    push(Abi.IORING_OP_WRITEV, fd, position, iovecs, SqeLayout.lenAndFlags(count, 0), userData);
  }

  void fsync(int fd, long userData) {
    push(Abi.IORING_OP_FSYNC, fd, 0, 0, 0, userData);
  }

  /** Writes what is dirty in the range out, and waits for it. */
  void syncFileRange(int fd, long position, int length, long userData) {
    int flags =
        Posix.SYNC_FILE_RANGE_WAIT_BEFORE
            | Posix.SYNC_FILE_RANGE_WRITE
            | Posix.SYNC_FILE_RANGE_WAIT_AFTER;
    long words = SqeLayout.lenAndFlags(length, flags);
    push(Abi.IORING_OP_SYNC_FILE_RANGE, fd, position, 0, words, userData);
  }

  void fallocate(int fd, int mode, long position, long length, long userData) {
    push(Abi.IORING_OP_FALLOCATE, fd, position, length, SqeLayout.lenAndFlags(mode, 0), userData);
  }

  void fdatasync(int fd, long userData) {
    int flags = Abi.IORING_FSYNC_DATASYNC;
    push(Abi.IORING_OP_FSYNC, fd, 0, 0, SqeLayout.lenAndFlags(0, flags), userData);
  }

  void ftruncate(int fd, long length, long userData) {
    push(Abi.IORING_OP_FTRUNCATE, fd, length, 0, 0, userData);
  }

  /** Of the open file itself: {@code emptyPath} is the address of an empty string. */
  void statxSize(int fd, long emptyPath, long statx, long userData) {
    long words = SqeLayout.lenAndFlags(Posix.STATX_SIZE, Posix.AT_EMPTY_PATH);
    push(Abi.IORING_OP_STATX, fd, statx, emptyPath, words, userData);
  }

  /** Into {@code statx}; of the open file itself if {@code path} leads to an empty string. */
  void statx(int fd, long path, int flags, long statx, long userData) {
    long words = SqeLayout.lenAndFlags(Statx.MASK, flags);
    push(Abi.IORING_OP_STATX, fd, statx, path, words, userData);
  }

  void renameAt(long from, long to, int flags, long userData) {
    long words = SqeLayout.lenAndFlags(Posix.AT_FDCWD, flags);
    push(Abi.IORING_OP_RENAMEAT, Posix.AT_FDCWD, to, from, words, userData);
  }

  void linkAt(long existing, long link, long userData) {
    long words = SqeLayout.lenAndFlags(Posix.AT_FDCWD, 0);
    push(Abi.IORING_OP_LINKAT, Posix.AT_FDCWD, link, existing, words, userData);
  }

  void symlinkAt(long target, long link, long userData) {
    push(Abi.IORING_OP_SYMLINKAT, Posix.AT_FDCWD, link, target, 0, userData);
  }

  void unlinkAt(long path, int flags, long userData) {
    long words = SqeLayout.lenAndFlags(0, flags);
    push(Abi.IORING_OP_UNLINKAT, Posix.AT_FDCWD, 0, path, words, userData);
  }

  void mkdirAt(long path, int mode, long userData) {
    long words = SqeLayout.lenAndFlags(mode, 0);
    push(Abi.IORING_OP_MKDIRAT, Posix.AT_FDCWD, 0, path, words, userData);
  }

  void close(int fd, long userData) {
    push(Abi.IORING_OP_CLOSE, fd, 0, 0, 0, userData);
  }

  void accept(int fd, boolean multishot, long userData) {
    int ioprio = multishot ? Abi.IORING_ACCEPT_MULTISHOT : 0;
    long head = SqeLayout.head(Abi.IORING_OP_ACCEPT, 0, ioprio, fd);
    queue.push(head, 0, 0, SqeLayout.lenAndFlags(0, Posix.SOCK_CLOEXEC), userData, 0);
  }

  void connect(int fd, long sockaddr, int sockaddrBytes, long userData) {
    push(Abi.IORING_OP_CONNECT, fd, sockaddrBytes, sockaddr, 0, userData);
  }

  /**
   * Into buffers of the group; {@code multishot} until an error, the end of the stream, or the
   * buffers run out.
   *
   * @param length at most so many bytes; 0 with {@code multishot}, which fills whole buffers
   */
  void receiveProvided(int fd, int bufferGroup, int length, boolean multishot, long userData) {
    int ioprio = multishot ? Abi.IORING_RECV_MULTISHOT : 0;
    receiveProvided(fd, bufferGroup, ioprio, SqeLayout.lenAndFlags(length, 0), userData);
  }

  /** Into a buffer of the group, at most {@code length} bytes, which stay in the socket. */
  void peekProvided(int fd, int bufferGroup, int length, long userData) {
    long words = SqeLayout.lenAndFlags(length, Posix.MSG_PEEK);
    receiveProvided(fd, bufferGroup, 0, words, userData);
  }

  private void receiveProvided(int fd, int bufferGroup, int ioprio, long words, long userData) {
    long head = SqeLayout.head(Abi.IORING_OP_RECV, Abi.IOSQE_BUFFER_SELECT, ioprio, fd);
    queue.push(head, 0, 0, words, userData, bufferGroup & 0xffffL);
  }

  /**
   * As {@link #receiveProvided}, of what is no socket, from its own position; only what can be
   * polled can be read with {@code multishot}.
   */
  void readProvided(int fd, int bufferGroup, int length, boolean multishot, long userData) {
    int opcode = multishot ? Abi.IORING_OP_READ_MULTISHOT : Abi.IORING_OP_READ;
    long head = SqeLayout.head(opcode, Abi.IOSQE_BUFFER_SELECT, 0, fd);
    long words = SqeLayout.lenAndFlags(length, 0);
    queue.push(head, STREAM, 0, words, userData, bufferGroup & 0xffffL);
  }

  void send(int fd, long address, int length, long userData) {
    long words = SqeLayout.lenAndFlags(length, Posix.MSG_NOSIGNAL);
    push(Abi.IORING_OP_SEND, fd, 0, address, words, userData);
  }

  /** As {@link #send}; completes a second time when the kernel does not need the bytes any more. */
  void sendZeroCopy(int fd, long address, int length, long userData) {
    long words = SqeLayout.lenAndFlags(length, Posix.MSG_NOSIGNAL);
    push(Abi.IORING_OP_SEND_ZC, fd, 0, address, words, userData);
  }

  /** {@code message} is the address of a msghdr. */
  void sendMessage(int fd, long message, long userData) {
    sendMessage(fd, message, Posix.MSG_NOSIGNAL, userData);
  }

  /** The same; where there is no room it fails with EAGAIN. */
  void sendMessageNow(int fd, long message, long userData) {
    sendMessage(fd, message, Posix.MSG_NOSIGNAL | Posix.MSG_DONTWAIT, userData);
  }

  private void sendMessage(int fd, long message, int flags, long userData) {
    push(Abi.IORING_OP_SENDMSG, fd, 0, message, SqeLayout.lenAndFlags(1, flags), userData);
  }

  /** {@code message} is the address of a msghdr; its bytes go into buffers of the group. */
  void receiveMessage(int fd, long message, int bufferGroup, boolean multishot, long userData) {
    int ioprio = multishot ? Abi.IORING_RECV_MULTISHOT : 0;
    long head = SqeLayout.head(Abi.IORING_OP_RECVMSG, Abi.IOSQE_BUFFER_SELECT, ioprio, fd);
    long words = SqeLayout.lenAndFlags(1, 0);
    queue.push(head, 0, message, words, userData, bufferGroup & 0xffffL);
  }

  /**
   * Moves bytes from one file to another, one of which is a pipe.
   *
   * @param fromPosition where to read; {@link #STREAM} of a pipe
   * @param toPosition where to write; {@link #STREAM} of a pipe or socket
   */
  void splice(
      int from, long fromPosition, int to, long toPosition, int length, int flags, long userData) {
    long head = SqeLayout.head(Abi.IORING_OP_SPLICE, 0, 0, to);
    long words = SqeLayout.lenAndFlags(length, flags);
    queue.push(head, toPosition, fromPosition, words, userData, SqeLayout.file(from));
  }

  /** The same, once; descriptors that come are not for processes that this one starts. */
  void receiveDescriptors(int fd, long message, int bufferGroup, long userData) {
    long head = SqeLayout.head(Abi.IORING_OP_RECVMSG, Abi.IOSQE_BUFFER_SELECT, 0, fd);
    long words = SqeLayout.lenAndFlags(1, Posix.MSG_CMSG_CLOEXEC);
    queue.push(head, 0, message, words, userData, bufferGroup & 0xffffL);
  }

  void shutdown(int fd, int how, long userData) {
    push(Abi.IORING_OP_SHUTDOWN, fd, 0, 0, SqeLayout.lenAndFlags(how, 0), userData);
  }

  void pollMultishot(int fd, int events, long userData) {
    long words = SqeLayout.lenAndFlags(Abi.IORING_POLL_ADD_MULTI, events);
    push(Abi.IORING_OP_POLL_ADD, fd, 0, 0, words, userData);
  }

  /** Completes once; of errors and hang-ups it tells without being asked. */
  void poll(int fd, int events, long userData) {
    push(Abi.IORING_OP_POLL_ADD, fd, 0, 0, SqeLayout.lenAndFlags(0, events), userData);
  }

  void timeout(long timespec, long userData) {
    push(Abi.IORING_OP_TIMEOUT, NO_FD, 0, timespec, SqeLayout.lenAndFlags(1, 0), userData);
  }

  /** Cancels the operation that was submitted with {@code target}. */
  void cancel(long target, long userData) {
    push(Abi.IORING_OP_ASYNC_CANCEL, NO_FD, 0, target, 0, userData);
  }

  /** Cancels all operations on the file. */
  void cancelFile(int fd, long userData) {
    int flags = Abi.IORING_ASYNC_CANCEL_FD | Abi.IORING_ASYNC_CANCEL_ALL;
    push(Abi.IORING_OP_ASYNC_CANCEL, fd, 0, 0, SqeLayout.lenAndFlags(0, flags), userData);
  }

  /** Cancels whatever is in flight on the ring. */
  void cancelAll(long userData) {
    int flags = Abi.IORING_ASYNC_CANCEL_ANY | Abi.IORING_ASYNC_CANCEL_ALL;
    push(Abi.IORING_OP_ASYNC_CANCEL, NO_FD, 0, 0, SqeLayout.lenAndFlags(0, flags), userData);
  }

  private void push(int opcode, int fd, long off, long addr, long lenAndFlags, long userData) {
    queue.push(SqeLayout.head(opcode, 0, 0, fd), off, addr, lenAndFlags, userData, 0);
  }
}
