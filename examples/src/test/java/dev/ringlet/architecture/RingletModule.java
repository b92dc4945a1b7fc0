package dev.ringlet.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A published module: its packages, the libraries it may use besides the JDK, and the modules it
 * may use. Packages stand for themselves and all below them.
 */
record RingletModule(
    String name, List<String> packages, List<String> libraries, List<RingletModule> modules) {
  /** Optional: one class refers to it, which only it loads. */
  static final String BLOCK_HOUND = "reactor.blockhound";

  static final RingletModule API =
      new RingletModule(
          "api",
          List.of("dev.ringlet.actor", "dev.ringlet.executor", "dev.ringlet.io", "dev.ringlet.spi"),
          List.of(),
          List.of());

  /** Stands in the same jar as the API, which knows nothing of it. */
  static final RingletModule METRICS =
      new RingletModule(
          "metrics", List.of("dev.ringlet.metrics"), List.of("io.micrometer.core"), List.of(API));

  static final RingletModule SCHEDULER =
      new RingletModule(
          "scheduler",
          List.of("dev.ringlet.scheduler"),
          List.of("org.jctools", BLOCK_HOUND),
          List.of(API));
  static final RingletModule URING =
      new RingletModule(
          "uring", List.of("dev.ringlet.uring"), List.of("com.sun.jna"), List.of(API));
  static final RingletModule REACTIVE_ADAPTER =
      new RingletModule(
          "reactive-adapter",
          List.of("dev.ringlet.reactive"),
          List.of("org.reactivestreams"),
          List.of(API));
  static final RingletModule TESTKIT =
      new RingletModule(
          "testkit",
          List.of("dev.ringlet.testkit"),
          List.of("org.junit", "org.opentest4j"),
          List.of(API, SCHEDULER));

  static final List<RingletModule> ALL =
      List.of(API, METRICS, SCHEDULER, URING, REACTIVE_ADAPTER, TESTKIT);

  /** The JDK, of which {@code javax.net} is a part of {@code java.base}, and annotations. */
  private static final List<String> FOR_ALL =
      List.of("java", "javax.net", "jdk", "org.jspecify.annotations");

  /** The module a class belongs to; empty for the examples, which are not published. */
  static Optional<RingletModule> of(JavaClass type) {
    return ALL.stream().filter(module -> module.owns(type.getPackageName())).findFirst();
  }

  /** Patterns of the module's own packages. */
  String[] ownPackages() {
    return withSubpackages(packages.stream());
  }

  /** Patterns of all packages that the module's classes may refer to. */
  String[] allowedPackages() {
    Stream<String> theirs = modules.stream().flatMap(module -> module.packages.stream());
    return withSubpackages(
        Stream.of(FOR_ALL.stream(), packages.stream(), libraries.stream(), theirs)
            .flatMap(part -> part));
  }

  private boolean owns(String packageName) {
    return packages.stream()
        .anyMatch(own -> packageName.equals(own) || packageName.startsWith(own + "."));
  }

  private static String[] withSubpackages(Stream<String> names) {
    return names.map(name -> name + "..").toArray(String[]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
