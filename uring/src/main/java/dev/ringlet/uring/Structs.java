package dev.ringlet.uring;

/** Offsets of the small structs passed by address. */
final class Structs {
  /** {@code struct io_uring_getevents_arg}. */
  static final int GETEVENTS_ARG_BYTES = 24;

  static final int GETEVENTS_ARG_TS = 16;

  /** {@code struct __kernel_timespec}: two longs on every architecture. */
  static final int TIMESPEC_BYTES = 16;

  static final int TIMESPEC_SEC = 0;
  static final int TIMESPEC_NSEC = 8;

  /** {@code struct timeval}: two longs on 64-bit architectures. */
  static final int TIMEVAL_BYTES = 16;

  static final int TIMEVAL_SEC = 0;
  static final int TIMEVAL_USEC = 8;

  /** {@code struct io_uring_rsrc_update}. */
  static final int RSRC_UPDATE_BYTES = 16;

  static final int RSRC_UPDATE_OFFSET = 0;
  static final int RSRC_UPDATE_DATA = 8;

  /** {@code struct io_uring_rsrc_register}. */
  static final int RSRC_REGISTER_BYTES = 32;

  static final int RSRC_REGISTER_NR = 0;
  static final int RSRC_REGISTER_FLAGS = 4;

  /** {@code struct io_uring_rsrc_update2}. */
  static final int RSRC_UPDATE2_BYTES = 32;

  static final int RSRC_UPDATE2_OFFSET = 0;
  static final int RSRC_UPDATE2_DATA = 8;
  static final int RSRC_UPDATE2_NR = 24;

  /** {@code struct io_uring_probe}, and {@code struct io_uring_probe_op} in the array behind it. */
  static final int PROBE_BYTES = 16;

  static final int PROBE_OPS_LEN = 1;
  static final int PROBE_OP_BYTES = 8;
  static final int PROBE_OP_FLAGS = 2;

  /** {@code struct io_uring_buf}. */
  static final int BUF_BYTES = 16;

  static final int BUF_ADDR = 0;
  static final int BUF_LEN = 8;
  static final int BUF_BID = 12;

  /**
   * {@code tail} of {@code struct io_uring_buf_ring}; it lies over the reserved bytes of entry 0.
   */
  static final int BUF_RING_TAIL = 14;

  /** {@code struct io_uring_buf_reg}. */
  static final int BUF_REG_BYTES = 40;

  static final int BUF_REG_RING_ADDR = 0;
  static final int BUF_REG_RING_ENTRIES = 8;
  static final int BUF_REG_BGID = 12;

  /** {@code struct statx}. */
  static final int STATX_BYTES = 256;

  static final int STATX_MASK = 0;
  static final int STATX_NLINK = 16;
  static final int STATX_UID = 20;
  static final int STATX_GID = 24;
  static final int STATX_MODE = 28;
  static final int STATX_INO = 32;
  static final int STATX_SIZE = 40;
  static final int STATX_BLOCKS = 48;
  static final int STATX_ATIME = 64;
  static final int STATX_BTIME = 80;
  static final int STATX_CTIME = 96;
  static final int STATX_MTIME = 112;
  static final int STATX_DEV_MAJOR = 136;
  static final int STATX_DEV_MINOR = 140;
  static final int STATX_DIO_MEM_ALIGN = 152;
  static final int STATX_DIO_OFFSET_ALIGN = 156;

  /** {@code struct statx_timestamp}. */
  static final int STATX_TIMESTAMP_SEC = 0;

  static final int STATX_TIMESTAMP_NSEC = 8;

  /** {@code struct iovec}. */
  static final int IOVEC_BYTES = 16;

  static final int IOVEC_BASE = 0;
  static final int IOVEC_LEN = 8;

  /** {@code struct flock}. */
  static final int FLOCK_BYTES = 32;

  static final int FLOCK_TYPE = 0;
  static final int FLOCK_START = 8;
  static final int FLOCK_LEN = 16;

  /** {@code struct sockaddr_in}. */
  static final int SOCKADDR_IN_BYTES = 16;

  static final int SOCKADDR_FAMILY = 0;
  static final int SOCKADDR_IN_PORT = 2;
  static final int SOCKADDR_IN_ADDR = 4;

  /** {@code struct sockaddr_in6}. */
  static final int SOCKADDR_IN6_BYTES = 28;

  static final int SOCKADDR_IN6_ADDR = 8;
  static final int SOCKADDR_IN6_SCOPE_ID = 24;

  /** {@code struct sockaddr_un}. */
  static final int SOCKADDR_UN_BYTES = 110;

  static final int SOCKADDR_UN_PATH = 2;

  /** {@code struct sockaddr_storage}: room for any address. */
  static final int SOCKADDR_STORAGE_BYTES = 128;

  /** {@code struct linger}. */
  static final int LINGER_BYTES = 8;

  static final int LINGER_ONOFF = 0;
  static final int LINGER_LINGER = 4;

  /** {@code struct msghdr}. */
  static final int MSGHDR_BYTES = 56;

  static final int MSGHDR_NAME = 0;
  static final int MSGHDR_NAMELEN = 8;
  static final int MSGHDR_IOV = 16;
  static final int MSGHDR_IOVLEN = 24;
  static final int MSGHDR_CONTROL = 32;
  static final int MSGHDR_CONTROLLEN = 40;
  static final int MSGHDR_FLAGS = 48;

  /** {@code struct cmsghdr}; the data follows at once, the next one at a multiple of 8. */
  static final int CMSGHDR_BYTES = 16;

  static final int CMSGHDR_LEN = 0;
  static final int CMSGHDR_LEVEL = 8;
  static final int CMSGHDR_TYPE = 12;

  /**
   * {@code struct io_uring_recvmsg_out}: in front of what a multishot receive of messages gives.
   */
  static final int RECVMSG_OUT_BYTES = 16;

  static final int RECVMSG_OUT_NAMELEN = 0;
  static final int RECVMSG_OUT_PAYLOADLEN = 8;
  static final int RECVMSG_OUT_FLAGS = 12;

  /** {@code struct ip_mreqn}. */
  static final int IP_MREQN_BYTES = 12;

  static final int IP_MREQN_IFINDEX = 8;

  /** {@code struct group_req}. */
  static final int GROUP_REQ_BYTES = 136;

  static final int GROUP_REQ_INTERFACE = 0;
  static final int GROUP_REQ_GROUP = 8;

  private Structs() {}
}
