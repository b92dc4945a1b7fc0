package dev.ringlet.examples.doctor;

import dev.ringlet.spi.CpuAffinity;
import dev.ringlet.spi.DriverFeature;
import dev.ringlet.spi.IoDriverProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what this machine has, which driver is taken and what it goes without. */
@Command(
    name = "doctor",
    description = "Tells which I/O driver works here, and what of the kernel it makes use of.",
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Runnable {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Path SETTING = Path.of("/proc/sys/kernel/io_uring_disabled");

  @Spec private @Nullable CommandSpec command;

  /** Creates the command. */
  public DoctorCommand() {}

  @Override
  public void run() {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("started without a command line");
    }
    PrintWriter out = spec.commandLine().getOut();
    machine(out);
    List<IoDriverProvider> drivers =
        ServiceLoader.load(IoDriverProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .sorted(Comparator.comparingInt(IoDriverProvider::priority).reversed())
            .toList();
    drivers(out, drivers);
    drivers.forEach(driver -> features(out, driver));
    out.flush();
  }

  private static void machine(PrintWriter out) {
    row(
        out,
        "Java",
        System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
    row(
        out,
        "System",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
    row(out, "Processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    row(out, "Open files", limit("Max open files"));
    row(out, "Locked memory", limit("Max locked memory"));
    row(out, "io_uring_disabled", setting());
    row(out, "CPU pinning", pinning());
  }

  private static String pinning() {
    return ServiceLoader.load(CpuAffinity.class)
        .findFirst()
        .map(affinity -> works(affinity.unavailabilityCause()))
        .orElse("nothing on the class path does it");
  }

  private static String works(@Nullable String cause) {
    return cause == null ? "works" : "does not work: " + cause;
  }

  /** Soft and hard limit. */
  private static String limit(String name) {
    try {
      return Files.readAllLines(LIMITS).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip().split("\\s+"))
          .filter(columns -> columns.length > 1)
          .map(columns -> columns[0] + ", at most " + columns[1])
          .findFirst()
          .orElse("not told");
    } catch (IOException e) {
      return "not told here: " + e;
    }
  }

  /** As in Documentation/admin-guide/sysctl/kernel.rst. */
  private static String setting() {
    try {
      String value = Files.readString(SETTING).strip();
      return switch (value) {
        case "0" -> "0, all may use it";
        case "1" -> "1, only CAP_SYS_ADMIN and the group of kernel.io_uring_group may use it";
        default -> value + ", nobody may use it; set kernel.io_uring_disabled to 0";
      };
    } catch (IOException e) {
      return "this kernel has no such setting";
    }
  }

  private static void drivers(PrintWriter out, List<IoDriverProvider> drivers) {
    out.println();
    boolean taken = false;
    for (IoDriverProvider driver : drivers) {
      String cause = driver.unavailabilityCause();
      String note = works(cause) + (cause == null && !taken ? ", is taken by default" : "");
      row(out, "Driver " + driver.name(), note);
      taken |= cause == null;
    }
  }

  private static void features(PrintWriter out, IoDriverProvider driver) {
    List<DriverFeature> features = driver.features();
    if (features.isEmpty()) {
      return;
    }
    out.println();
    out.println("What driver " + driver.name() + " makes use of:");
    for (DriverFeature feature : features) {
      String mark = feature.present() ? "  yes  " : "  no   ";
      out.println(mark + feature.name() + ", since " + feature.since());
      if (!feature.present()) {
        out.println("       without it: " + feature.otherwise());
      }
    }
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf("%-18s %s%n", name, value);
  }
}
