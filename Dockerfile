# Zetascope for a Docker Space on Hugging Face, or any private host.
# The digest is that of the image's index for all processors; a newer one: docker buildx imagetools inspect.
FROM python:3.11.17-slim-trixie@sha256:45037981b62b34b44602584fccbc4d884d5f7dc92c7ee86bb38a698a79fe1e51

# numba's OpenMP pool, which UMAP runs on, links to the system's libgomp. Debian keeps one version of a package
# at a time, so pinning it would only break later builds.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 zetascope \
    && install -d -o zetascope -g zetascope /home/zetascope/.cache

ENV HOME=/home/zetascope \
    PATH=/opt/venv/bin:$PATH \
    HF_HOME=/home/zetascope/.cache/huggingface \
    NUMBA_CACHE_DIR=/home/zetascope/.cache/numba \
    MPLCONFIGDIR=/home/zetascope/.cache/matplotlib \
    PYTHONUNBUFFERED=1
WORKDIR /opt/zetascope

# The index with PyTorch's CPU wheels: without it pip brings several GB of CUDA. In a Space, set it as a variable.
# Whatever an index offers, only files whose hashes are in the locks are installed.
ARG TORCH_INDEX_URL=""
ENV PIP_NO_CACHE_DIR=1 \
    PIP_NO_DEPS=1 \
    PIP_REQUIRE_HASHES=1 \
    PIP_ONLY_BINARY=:all:
COPY requirements.lock requirements-cuda.lock ./
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN python -m venv /opt/venv \
    && pip install ${TORCH_INDEX_URL:+--extra-index-url "$TORCH_INDEX_URL"} -r requirements.lock \
    && { pip show torch | grep -c "^Version: .*+cpu" || pip install -r requirements-cuda.lock; }

# Everything above and here belongs to root: what runs as the user below can change none of it.
COPY . ./
RUN python -m compileall -q analytics

USER 1000
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8501/_stcore/health', timeout=4)"]
CMD ["sh", "hosting/start.sh"]
