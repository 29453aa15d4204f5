# Kingpost as an image: the locked versions of its dependencies, run by a user who owns nothing but /var/lib/kingpost.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY assistant assistant
COPY connectors connectors
COPY rules rules
COPY storage storage
# EXTRA=demo adds what `kingpost demo` needs and the service does not. The lock also holds what only tests use, so it
# decides versions here, not what is installed.
ARG EXTRA=
RUN sed -e '/--hash=/d' -e 's/ *\\$//' requirements.lock > versions.txt \
    && python -m venv /opt/kingpost \
    && /opt/kingpost/bin/pip install --no-cache-dir --constraint versions.txt ".${EXTRA:+[$EXTRA]}"

FROM python:3.13-slim-bookworm
RUN useradd --system --create-home --home-dir /var/lib/kingpost --uid 8470 kingpost
COPY --from=build /opt/kingpost /opt/kingpost
ENV PATH=/opt/kingpost/bin:$PATH PYTHONUNBUFFERED=1
USER 8470
WORKDIR /var/lib/kingpost
VOLUME /var/lib/kingpost
EXPOSE 8470
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8470/readyz', timeout=5)"]
ENTRYPOINT ["kingpost"]
CMD ["run"]
