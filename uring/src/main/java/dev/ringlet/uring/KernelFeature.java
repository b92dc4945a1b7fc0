package dev.ringlet.uring;

import dev.ringlet.spi.DriverFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the driver makes use of where the kernel has it. The versions are those of the kernel's own
 * history, as the manual pages io_uring_setup(2), io_uring_enter(2) and statx(2) tell them. The
 * same table is in {@code docs/KERNEL.md}, which a test compares.
 */
record KernelFeature(String title, String since, Predicate<Capabilities> test, String otherwise) {
  private static final List<KernelFeature> TABLE =
      List.of(
          new KernelFeature(
              "io_uring with multishot receives and rings of buffers",
              "6.0",
              capabilities -> true,
              "the NIO driver is taken"),
          new KernelFeature(
              "files to sockets, and pipes to files, without a copy (SPLICE)",
              "5.7",
              capabilities -> capabilities.supports(Abi.IORING_OP_SPLICE),
              "files are read and sent in pieces; pipes to files fail with EOPNOTSUPP"),
          new KernelFeature(
              "rings that are found without a look at the table of files",
              "5.18",
              Capabilities::registersRings,
              "each system call looks the ring up"),
          new KernelFeature(
              "sends without a copy (SEND_ZC), where they are asked for",
              "6.0",
              capabilities -> capabilities.supports(Abi.IORING_OP_SEND_ZC),
              "the bytes are copied"),
          new KernelFeature(
              "completions when the executor asks for them (DEFER_TASKRUN)",
              "6.1",
              capabilities -> capabilities.setsUp(Abi.IORING_SETUP_DEFER_TASKRUN),
              "completions are posted at the end of any system call, in smaller batches"),
          new KernelFeature(
              "the alignment that direct I/O on a file needs (STATX_DIOALIGN)",
              "6.1",
              capabilities -> isAtLeast(System.getProperty("os.version", ""), 6, 1),
              "4096 bytes are taken for it"),
          new KernelFeature(
              "submissions without a table of indices (NO_SQARRAY)",
              "6.6",
              capabilities -> capabilities.setsUp(Abi.IORING_SETUP_NO_SQARRAY),
              "the kernel reads one word more per submission"),
          new KernelFeature(
              "many reads of a pipe by one request (READ_MULTISHOT)",
              "6.7",
              capabilities -> capabilities.supports(Abi.IORING_OP_READ_MULTISHOT),
              "each read is a request"),
          new KernelFeature(
              "truncation of files through the ring",
              "6.9",
              capabilities -> capabilities.supports(Abi.IORING_OP_FTRUNCATE),
              "a system call of the executor does it"),
          new KernelFeature(
              "waiting that is not counted as waiting for a disk (NO_IOWAIT)",
              "6.15",
              capabilities -> capabilities.hasFeature(Abi.IORING_FEAT_NO_IOWAIT),
              "a parked executor is shown as one that waits for a disk"));

  /**
   * All of them.
   *
   * @param capabilities null if io_uring cannot be used; then none is there
   */
  static List<DriverFeature> all(@Nullable Capabilities capabilities) {
    List<DriverFeature> all = new ArrayList<>();
    for (KernelFeature feature : TABLE) {
      boolean present = capabilities != null && feature.test.test(capabilities);
      all.add(
          new DriverFeature(feature.title, "Linux " + feature.since, present, feature.otherwise));
    }
    return all;
  }

  /** Whether a kernel's version, such as {@code 6.1.0-13-amd64}, is this one or a later one. */
  static boolean isAtLeast(String version, int major, int minor) {
    String[] numbers = version.split("[^0-9]+", 3);
    if (numbers.length < 2 || numbers[0].isEmpty() || numbers[1].isEmpty()) {
      return false;
    }
    int first = Integer.parseInt(numbers[0]);
    return first > major || (first == major && Integer.parseInt(numbers[1]) >= minor);
  }
}
