package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Every constant and every offset against the C headers of this machine. */
class AbiAgainstHeadersTest {
  /**
   * Younger than the headers of a still common distribution; the driver's own tests exercise them.
   */
  private static final Set<String> MAY_BE_UNKNOWN =
      Set.of(
          "IORING_SETUP_NO_SQARRAY",
          "IORING_FEAT_NO_IOWAIT",
          "IORING_ENTER_NO_IOWAIT",
          "IORING_OP_READ_MULTISHOT",
          "IORING_OP_FTRUNCATE");

  private static final Map<String, String> ABBREVIATIONS =
      Map.of(
          "PROT_READ_WRITE", "PROT_READ | PROT_WRITE",
          "MAP_SHARED_POPULATE", "MAP_SHARED | MAP_POPULATE");

  @TempDir Path folder;

  private final Map<String, Long> ours = new LinkedHashMap<>();

  @BeforeEach
  void needsCompiler() {
    assumeTrue(CHeaders.isCompilerPresent(), "gcc is not installed");
  }

  @Test
  void constantsAreThoseOfTheHeaders(TestReporter reporter) throws Exception {
    addConstants(Abi.class);
    addConstants(Posix.class);
    addConstants(OpenFlags.class);
    addConstants(Errno.class);
    compare(reporter);
  }

  @Test
  void layoutsAreThoseOfTheHeaders(TestReporter reporter) throws Exception {
    addEntries();
    addParams();
    addSmallStructs();
    addFileAndSocketStructs();
    compare(reporter);
  }

  private void addEntries() {
    struct("io_uring_sqe", SqeLayout.BYTES);
    field("io_uring_sqe", "opcode", SqeLayout.OPCODE);
    field("io_uring_sqe", "flags", SqeLayout.FLAGS);
    field("io_uring_sqe", "ioprio", SqeLayout.IOPRIO);
    field("io_uring_sqe", "fd", SqeLayout.FD);
    field("io_uring_sqe", "off", SqeLayout.OFF);
    field("io_uring_sqe", "addr", SqeLayout.ADDR);
    field("io_uring_sqe", "len", SqeLayout.LEN);
    field("io_uring_sqe", "rw_flags", SqeLayout.OP_FLAGS);
    field("io_uring_sqe", "user_data", SqeLayout.USER_DATA);
    field("io_uring_sqe", "buf_group", SqeLayout.BUF_GROUP);
    field("io_uring_sqe", "personality", SqeLayout.PERSONALITY);
    field("io_uring_sqe", "file_index", SqeLayout.FILE_INDEX);
    field("io_uring_sqe", "addr3", SqeLayout.ADDR3);
    struct("io_uring_cqe", CqeLayout.BYTES);
    field("io_uring_cqe", "user_data", CqeLayout.USER_DATA);
    field("io_uring_cqe", "res", CqeLayout.RES);
    field("io_uring_cqe", "flags", CqeLayout.FLAGS);
  }

  private void addParams() {
    struct("io_uring_params", ParamsLayout.BYTES);
    field("io_uring_params", "sq_entries", ParamsLayout.SQ_ENTRIES);
    field("io_uring_params", "cq_entries", ParamsLayout.CQ_ENTRIES);
    field("io_uring_params", "flags", ParamsLayout.FLAGS);
    field("io_uring_params", "features", ParamsLayout.FEATURES);
    field("io_uring_params", "sq_off.head", ParamsLayout.SQ_OFF_HEAD);
    field("io_uring_params", "sq_off.tail", ParamsLayout.SQ_OFF_TAIL);
    field("io_uring_params", "sq_off.ring_mask", ParamsLayout.SQ_OFF_RING_MASK);
    field("io_uring_params", "sq_off.flags", ParamsLayout.SQ_OFF_FLAGS);
    field("io_uring_params", "sq_off.array", ParamsLayout.SQ_OFF_ARRAY);
    field("io_uring_params", "cq_off.head", ParamsLayout.CQ_OFF_HEAD);
    field("io_uring_params", "cq_off.tail", ParamsLayout.CQ_OFF_TAIL);
    field("io_uring_params", "cq_off.ring_mask", ParamsLayout.CQ_OFF_RING_MASK);
    field("io_uring_params", "cq_off.cqes", ParamsLayout.CQ_OFF_CQES);
  }

  private void addSmallStructs() {
    struct("io_uring_getevents_arg", Structs.GETEVENTS_ARG_BYTES);
    field("io_uring_getevents_arg", "ts", Structs.GETEVENTS_ARG_TS);
    struct("__kernel_timespec", Structs.TIMESPEC_BYTES);
    field("__kernel_timespec", "tv_sec", Structs.TIMESPEC_SEC);
    field("__kernel_timespec", "tv_nsec", Structs.TIMESPEC_NSEC);
    struct("timeval", Structs.TIMEVAL_BYTES);
    field("timeval", "tv_sec", Structs.TIMEVAL_SEC);
    field("timeval", "tv_usec", Structs.TIMEVAL_USEC);
    struct("io_uring_rsrc_update", Structs.RSRC_UPDATE_BYTES);
    field("io_uring_rsrc_update", "offset", Structs.RSRC_UPDATE_OFFSET);
    field("io_uring_rsrc_update", "data", Structs.RSRC_UPDATE_DATA);
    struct("io_uring_rsrc_register", Structs.RSRC_REGISTER_BYTES);
    field("io_uring_rsrc_register", "nr", Structs.RSRC_REGISTER_NR);
    field("io_uring_rsrc_register", "flags", Structs.RSRC_REGISTER_FLAGS);
    struct("io_uring_rsrc_update2", Structs.RSRC_UPDATE2_BYTES);
    field("io_uring_rsrc_update2", "offset", Structs.RSRC_UPDATE2_OFFSET);
    field("io_uring_rsrc_update2", "data", Structs.RSRC_UPDATE2_DATA);
    field("io_uring_rsrc_update2", "nr", Structs.RSRC_UPDATE2_NR);
    struct("io_uring_probe", Structs.PROBE_BYTES);
    field("io_uring_probe", "ops_len", Structs.PROBE_OPS_LEN);
    struct("io_uring_probe_op", Structs.PROBE_OP_BYTES);
    field("io_uring_probe_op", "flags", Structs.PROBE_OP_FLAGS);
    struct("io_uring_buf", Structs.BUF_BYTES);
    field("io_uring_buf", "addr", Structs.BUF_ADDR);
    field("io_uring_buf", "len", Structs.BUF_LEN);
    field("io_uring_buf", "bid", Structs.BUF_BID);
    field("io_uring_buf_ring", "tail", Structs.BUF_RING_TAIL);
    struct("io_uring_buf_reg", Structs.BUF_REG_BYTES);
    field("io_uring_buf_reg", "ring_addr", Structs.BUF_REG_RING_ADDR);
    field("io_uring_buf_reg", "ring_entries", Structs.BUF_REG_RING_ENTRIES);
    field("io_uring_buf_reg", "bgid", Structs.BUF_REG_BGID);
  }

  private void addFileAndSocketStructs() {
    struct("statx", Structs.STATX_BYTES);
    field("statx", "stx_mask", Structs.STATX_MASK);
    field("statx", "stx_nlink", Structs.STATX_NLINK);
    field("statx", "stx_uid", Structs.STATX_UID);
    field("statx", "stx_gid", Structs.STATX_GID);
    field("statx", "stx_mode", Structs.STATX_MODE);
    field("statx", "stx_ino", Structs.STATX_INO);
    field("statx", "stx_size", Structs.STATX_SIZE);
    field("statx", "stx_blocks", Structs.STATX_BLOCKS);
    field("statx", "stx_atime", Structs.STATX_ATIME);
    field("statx", "stx_btime", Structs.STATX_BTIME);
    field("statx", "stx_ctime", Structs.STATX_CTIME);
    field("statx", "stx_mtime", Structs.STATX_MTIME);
    field("statx", "stx_dev_major", Structs.STATX_DEV_MAJOR);
    field("statx", "stx_dev_minor", Structs.STATX_DEV_MINOR);
    field("statx", "stx_dio_mem_align", Structs.STATX_DIO_MEM_ALIGN);
    field("statx", "stx_dio_offset_align", Structs.STATX_DIO_OFFSET_ALIGN);
    field("statx_timestamp", "tv_sec", Structs.STATX_TIMESTAMP_SEC);
    field("statx_timestamp", "tv_nsec", Structs.STATX_TIMESTAMP_NSEC);
    struct("iovec", Structs.IOVEC_BYTES);
    field("iovec", "iov_base", Structs.IOVEC_BASE);
    field("iovec", "iov_len", Structs.IOVEC_LEN);
    struct("flock", Structs.FLOCK_BYTES);
    field("flock", "l_type", Structs.FLOCK_TYPE);
    field("flock", "l_start", Structs.FLOCK_START);
    field("flock", "l_len", Structs.FLOCK_LEN);
    struct("sockaddr_in", Structs.SOCKADDR_IN_BYTES);
    field("sockaddr_in", "sin_family", Structs.SOCKADDR_FAMILY);
    field("sockaddr_in", "sin_port", Structs.SOCKADDR_IN_PORT);
    field("sockaddr_in", "sin_addr", Structs.SOCKADDR_IN_ADDR);
    struct("sockaddr_in6", Structs.SOCKADDR_IN6_BYTES);
    field("sockaddr_in6", "sin6_family", Structs.SOCKADDR_FAMILY);
    field("sockaddr_in6", "sin6_port", Structs.SOCKADDR_IN_PORT);
    field("sockaddr_in6", "sin6_addr", Structs.SOCKADDR_IN6_ADDR);
    field("sockaddr_in6", "sin6_scope_id", Structs.SOCKADDR_IN6_SCOPE_ID);
    struct("sockaddr_un", Structs.SOCKADDR_UN_BYTES);
    field("sockaddr_un", "sun_family", Structs.SOCKADDR_FAMILY);
    field("sockaddr_un", "sun_path", Structs.SOCKADDR_UN_PATH);
    struct("sockaddr_storage", Structs.SOCKADDR_STORAGE_BYTES);
    struct("msghdr", Structs.MSGHDR_BYTES);
    field("msghdr", "msg_name", Structs.MSGHDR_NAME);
    field("msghdr", "msg_namelen", Structs.MSGHDR_NAMELEN);
    field("msghdr", "msg_iov", Structs.MSGHDR_IOV);
    field("msghdr", "msg_iovlen", Structs.MSGHDR_IOVLEN);
    field("msghdr", "msg_control", Structs.MSGHDR_CONTROL);
    field("msghdr", "msg_controllen", Structs.MSGHDR_CONTROLLEN);
    field("msghdr", "msg_flags", Structs.MSGHDR_FLAGS);
    struct("cmsghdr", Structs.CMSGHDR_BYTES);
    field("cmsghdr", "cmsg_len", Structs.CMSGHDR_LEN);
    field("cmsghdr", "cmsg_level", Structs.CMSGHDR_LEVEL);
    field("cmsghdr", "cmsg_type", Structs.CMSGHDR_TYPE);
    struct("io_uring_recvmsg_out", Structs.RECVMSG_OUT_BYTES);
    field("io_uring_recvmsg_out", "namelen", Structs.RECVMSG_OUT_NAMELEN);
    field("io_uring_recvmsg_out", "payloadlen", Structs.RECVMSG_OUT_PAYLOADLEN);
    field("io_uring_recvmsg_out", "flags", Structs.RECVMSG_OUT_FLAGS);
    struct("ip_mreqn", Structs.IP_MREQN_BYTES);
    field("ip_mreqn", "imr_ifindex", Structs.IP_MREQN_IFINDEX);
    struct("group_req", Structs.GROUP_REQ_BYTES);
    field("group_req", "gr_interface", Structs.GROUP_REQ_INTERFACE);
    field("group_req", "gr_group", Structs.GROUP_REQ_GROUP);
    struct("linger", Structs.LINGER_BYTES);
    field("linger", "l_onoff", Structs.LINGER_ONOFF);
    field("linger", "l_linger", Structs.LINGER_LINGER);
  }

  private void struct(String name, int bytes) {
    ours.put("sizeof(struct " + name + ")", (long) bytes);
  }

  private void field(String struct, String field, int offset) {
    ours.put("offsetof(struct " + struct + ", " + field + ")", (long) offset);
  }

  private void addConstants(Class<?> constants) throws IllegalAccessException {
    for (Field field : constants.getDeclaredFields()) {
      if (!field.isSynthetic() && !Modifier.isPrivate(field.getModifiers())) {
        String expression = ABBREVIATIONS.getOrDefault(field.getName(), field.getName());
        ours.put(expression, ((Number) field.get(null)).longValue());
      }
    }
  }

  private void compare(TestReporter reporter) throws IOException {
    CHeaders headers = new CHeaders(folder);
    Map<String, Long> theirs = headers.evaluate(ours.keySet());
    reporter.publishEntry("not in these headers", headers.unknown().toString());
    assertTrue(
        MAY_BE_UNKNOWN.containsAll(headers.unknown()), () -> "unknown: " + headers.unknown());
    theirs.forEach(
        (expression, value) ->
            assertEquals(value, unsigned(ours.get(expression), value), expression));
    assertEquals(ours.size(), theirs.size() + headers.unknown().size());
  }

  /** A C constant with bit 31 set is positive, the same bits as a Java int are not. */
  private static long unsigned(long ours, long theirs) {
    return theirs > Integer.MAX_VALUE ? ours & 0xffffffffL : ours;
  }
}
