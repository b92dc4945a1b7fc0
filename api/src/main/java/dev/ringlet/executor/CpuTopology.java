package dev.ringlet.executor;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the machine's CPUs from the kernel's file systems; {@code root} is {@code /} but in tests.
 */
final class CpuTopology {
  private static final String STATUS_FIELD = "Cpus_allowed_list:";

  private final Path root;

  CpuTopology(Path root) {
    this.root = root;
  }

  /**
   * The CPUs that are online and that the calling process may use. Where the kernel does not tell
   * (not Linux, or hidden in a container) or tells what is not understood, as many as the virtual
   * machine counts, each a core of its own.
   */
  CpuSet available() {
    try {
      BitSet numbers =
          CpuList.parse(Files.readString(root.resolve("sys/devices/system/cpu/online")));
      BitSet allowed = allowed();
      if (allowed != null) {
        numbers.and(allowed);
      }
      List<Cpu> cpus = new ArrayList<>();
      for (int number : numbers.stream().toArray()) {
        cpus.add(cpu(number));
      }
      return CpuSet.of(cpus);
    } catch (IOException
        | UnsupportedOperationException
        | IllegalArgumentException
        | DirectoryIteratorException absent) {
      return unknown();
    }
  }

  private static CpuSet unknown() {
    List<Cpu> cpus = new ArrayList<>();
    for (int number = 0; number < Runtime.getRuntime().availableProcessors(); number++) {
      cpus.add(new Cpu(number, number, 0, 0));
    }
    return CpuSet.of(cpus);
  }

  /** What cpusets and affinity leave, see proc(5); null if it cannot be read. */
  private @Nullable BitSet allowed() throws IOException {
    Path status = root.resolve("proc/thread-self/status");
    if (!Files.exists(status)) {
      return null;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(STATUS_FIELD)) {
        return CpuList.parse(line.substring(STATUS_FIELD.length()));
      }
    }
    return null;
  }

  private Cpu cpu(int number) throws IOException {
    Path folder = root.resolve("sys/devices/system/cpu/cpu" + number);
    BitSet siblings = readList(folder.resolve("topology/thread_siblings_list"));
    int core = siblings.isEmpty() ? number : siblings.nextSetBit(0);
    return new Cpu(
        number, core, readNumber(folder.resolve("topology/physical_package_id")), node(folder));
  }

  private static BitSet readList(Path file) throws IOException {
    return Files.exists(file) ? CpuList.parse(Files.readString(file)) : new BitSet();
  }

  /** Zero where it is not told; the kernel writes -1 where it does not know. */
  private static int readNumber(Path file) throws IOException {
    return Files.exists(file) ? Math.max(0, Integer.parseInt(Files.readString(file).strip())) : 0;
  }

  /** A CPU's folder has a link to its node, named after it. */
  private static int node(Path folder) throws IOException {
    try (DirectoryStream<Path> nodes = Files.newDirectoryStream(folder, "node[0-9]*")) {
      for (Path node : nodes) {
        return Integer.parseInt(node.getFileName().toString().substring("node".length()));
      }
    }
    return 0;
  }
}
