package dev.ringlet.testkit.sim;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path of the simulated disk. Paths of other file systems that it is given count by their text.
 * Immutable.
 */
final class SimPath implements Path {

  private final SimFileSystem files;
  private final boolean absolute;

  /** One empty name for the empty path, none for the root. */
  private final List<String> names;

  private SimPath(SimFileSystem files, boolean absolute, List<String> names) {
    this.files = files;
    this.absolute = absolute;
    this.names = names.isEmpty() && !absolute ? List.of("") : List.copyOf(names);
  }

  static SimPath of(SimFileSystem files, String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return new SimPath(files, text.startsWith("/"), names);
  }

  private SimPath ours(Path other) {
    return other instanceof SimPath path ? path : of(files, other.toString());
  }

  private boolean isEmpty() {
    return !absolute && names.get(0).isEmpty();
  }

  @Override
  public SimFileSystem getFileSystem() {
    return files;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public @Nullable Path getRoot() {
    return absolute ? new SimPath(files, true, List.of()) : null;
  }

  @Override
  public @Nullable Path getFileName() {
    return names.isEmpty() ? null : getName(names.size() - 1);
  }

  @Override
  public @Nullable Path getParent() {
    if (names.isEmpty() || (names.size() == 1 && !absolute)) {
      return null;
    }
    return new SimPath(files, absolute, names.subList(0, names.size() - 1));
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return subpath(index, index + 1);
  }

  @Override
  public Path subpath(int from, int to) {
    if (from < 0 || to > names.size() || from >= to) {
      throw new IllegalArgumentException(
          "names " + from + " to " + to + ": " + this + " has " + names.size());
    }
    return new SimPath(files, false, names.subList(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    SimPath start = ours(other);
    return start.absolute == absolute
        && start.names.size() <= names.size()
        && names.subList(0, start.names.size()).equals(start.names);
  }

  @Override
  public boolean endsWith(Path other) {
    SimPath end = ours(other);
    int before = names.size() - end.names.size();
    return end.absolute
        ? equals(end)
        : before >= 0 && names.subList(before, names.size()).equals(end.names);
  }

  @Override
  public Path normalize() {
    List<String> kept = new ArrayList<>();
    for (String name : names) {
      boolean up = name.equals("..");
      boolean canGoUp = !kept.isEmpty() && !kept.get(kept.size() - 1).equals("..");
      if (up && canGoUp) {
        kept.remove(kept.size() - 1);
      } else if (!name.equals(".") && !(up && absolute)) {
        kept.add(name);
      }
    }
    return new SimPath(files, absolute, kept);
  }

  @Override
  public Path resolve(Path other) {
    SimPath next = ours(other);
    if (next.absolute || isEmpty()) {
      return next;
    }
    if (next.isEmpty()) {
      return this;
    }
    List<String> all = new ArrayList<>(names);
    all.addAll(next.names);
    return new SimPath(files, absolute, all);
  }

  @Override
  public Path relativize(Path other) {
    SimPath target = ours(other);
    if (target.absolute != absolute) {
      throw new IllegalArgumentException(
          "other: " + other + "; one of both paths is absolute, and the other is not");
    }
    if (isEmpty()) {
      return target;
    }
    int common = 0;
    int most = Math.min(names.size(), target.isEmpty() ? 0 : target.names.size());
    while (common < most && names.get(common).equals(target.names.get(common))) {
      common++;
    }
    List<String> way = new ArrayList<>();
    for (int i = common; i < names.size(); i++) {
      way.add("..");
    }
    if (!target.isEmpty()) {
      way.addAll(target.names.subList(common, target.names.size()));
    }
    return new SimPath(files, false, way);
  }

  @Override
  public URI toUri() {
    try {
      return new URI(SimFileSystemProvider.SCHEME, null, toAbsolutePath().toString(), null);
    } catch (URISyntaxException e) {
      throw new AssertionError(this + " is no URI", e);
    }
  }

  /** Programs are in the root directory. */
  @Override
  public Path toAbsolutePath() {
    return absolute ? this : new SimPath(files, true, isEmpty() ? List.of() : names);
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return files.provider().realPath(this, options);
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("nothing watches the simulated disk");
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SimPath path
        && path.files == files
        && path.absolute == absolute
        && path.names.equals(names);
  }

  @Override
  public int hashCode() {
    return names.hashCode() + (absolute ? 1 : 0);
  }

  @Override
  public String toString() {
    return (absolute ? "/" : "") + String.join("/", names);
  }
}
