package dev.ringlet.testkit.sim;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The names in a directory when it was opened, in order. The simulation's thread. */
final class SimDirectoryStream implements DirectoryStream<Path> {
  private final Path directory;
  private final List<String> names;
  private final Filter<? super Path> filter;
  private boolean used;

  SimDirectoryStream(Path directory, List<String> names, Filter<? super Path> filter) {
    this.directory = directory;
    this.names = names;
    this.filter = filter;
  }

  @Override
  public Iterator<Path> iterator() {
    if (used) {
      throw new IllegalStateException("a directory stream has one iterator, until it is closed");
    }
    used = true;
    List<Path> paths = new ArrayList<>();
    for (String name : names) {
      Path path = directory.resolve(name);
      try {
        if (filter.accept(path)) {
          paths.add(path);
        }
      } catch (IOException e) {
        throw new DirectoryIteratorException(e);
      }
    }
    return paths.iterator();
  }

  @Override
  public void close() {
    used = true;
  }
}
