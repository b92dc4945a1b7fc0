package dev.ringlet.uring;

/**
 * Constants of {@code linux/io_uring.h} under their own names, as far as this module uses them. A
 * test compares them with the header of the machine it runs on.
 */
final class Abi {
  static final int IORING_SETUP_CQSIZE = 1 << 3;
  static final int IORING_SETUP_CLAMP = 1 << 4;
  static final int IORING_SETUP_SUBMIT_ALL = 1 << 7;
  static final int IORING_SETUP_COOP_TASKRUN = 1 << 8;
  static final int IORING_SETUP_TASKRUN_FLAG = 1 << 9;
  static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;
  static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;
  static final int IORING_SETUP_NO_SQARRAY = 1 << 16;

  static final int IORING_FEAT_SINGLE_MMAP = 1;
  static final int IORING_FEAT_NODROP = 1 << 1;
  static final int IORING_FEAT_SUBMIT_STABLE = 1 << 2;
  static final int IORING_FEAT_FAST_POLL = 1 << 5;
  static final int IORING_FEAT_EXT_ARG = 1 << 8;
  static final int IORING_FEAT_NO_IOWAIT = 1 << 17;

  static final int IORING_ENTER_GETEVENTS = 1;
  static final int IORING_ENTER_EXT_ARG = 1 << 3;
  static final int IORING_ENTER_REGISTERED_RING = 1 << 4;
  static final int IORING_ENTER_NO_IOWAIT = 1 << 7;

  static final int IORING_SQ_CQ_OVERFLOW = 1 << 1;
  static final int IORING_SQ_TASKRUN = 1 << 2;

  static final long IORING_OFF_SQ_RING = 0;
  static final long IORING_OFF_SQES = 0x10000000L;

  static final int IOSQE_BUFFER_SELECT = 1 << 5;

  static final int IORING_CQE_F_BUFFER = 1;
  static final int IORING_CQE_F_MORE = 1 << 1;
  static final int IORING_CQE_F_NOTIF = 1 << 3;
  static final int IORING_CQE_BUFFER_SHIFT = 16;

  static final int IORING_REGISTER_PROBE = 8;
  static final int IORING_REGISTER_BUFFERS2 = 15;
  static final int IORING_REGISTER_BUFFERS_UPDATE = 16;
  static final int IORING_REGISTER_IOWQ_MAX_WORKERS = 19;
  static final int IORING_REGISTER_RING_FDS = 20;
  static final int IORING_UNREGISTER_RING_FDS = 21;
  static final int IORING_REGISTER_PBUF_RING = 22;
  static final int IORING_UNREGISTER_PBUF_RING = 23;
  static final int IO_URING_OP_SUPPORTED = 1;
  static final int IORING_RSRC_REGISTER_SPARSE = 1;

  static final int IORING_FSYNC_DATASYNC = 1;
  static final int IORING_POLL_ADD_MULTI = 1;
  static final int IORING_ACCEPT_MULTISHOT = 1;
  static final int IORING_RECV_MULTISHOT = 1 << 1;
  static final int IORING_ASYNC_CANCEL_ALL = 1;
  static final int IORING_ASYNC_CANCEL_FD = 1 << 1;
  static final int IORING_ASYNC_CANCEL_ANY = 1 << 2;

  static final int IORING_OP_READV = 1;
  static final int IORING_OP_WRITEV = 2;
  static final int IORING_OP_FSYNC = 3;
  static final int IORING_OP_READ_FIXED = 4;
  static final int IORING_OP_WRITE_FIXED = 5;
  static final int IORING_OP_POLL_ADD = 6;
  static final int IORING_OP_SYNC_FILE_RANGE = 8;
  static final int IORING_OP_SENDMSG = 9;
  static final int IORING_OP_RECVMSG = 10;
  static final int IORING_OP_TIMEOUT = 11;
  static final int IORING_OP_ACCEPT = 13;
  static final int IORING_OP_ASYNC_CANCEL = 14;
  static final int IORING_OP_CONNECT = 16;
  static final int IORING_OP_FALLOCATE = 17;
  static final int IORING_OP_OPENAT = 18;
  static final int IORING_OP_CLOSE = 19;
  static final int IORING_OP_STATX = 21;
  static final int IORING_OP_READ = 22;
  static final int IORING_OP_WRITE = 23;
  static final int IORING_OP_SEND = 26;
  static final int IORING_OP_RECV = 27;
  static final int IORING_OP_SPLICE = 30;
  static final int IORING_OP_SHUTDOWN = 34;
  static final int IORING_OP_RENAMEAT = 35;
  static final int IORING_OP_UNLINKAT = 36;
  static final int IORING_OP_MKDIRAT = 37;
  static final int IORING_OP_SYMLINKAT = 38;
  static final int IORING_OP_LINKAT = 39;
  static final int IORING_OP_SEND_ZC = 47;
  static final int IORING_OP_READ_MULTISHOT = 49;
  static final int IORING_OP_FTRUNCATE = 55;

  private Abi() {}
}
