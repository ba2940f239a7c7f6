/**
 * Variables that tell a CI run, beside `CI` itself, which most systems set: present and not empty is enough.
 *
 * @see the documentation of each system on its predefined variables
 */
export const CI_VARIABLES: readonly string[] = [
  'CONTINUOUS_INTEGRATION',
  'BUILD_NUMBER', // Jenkins, TeamCity
  'JENKINS_URL',
  'TEAMCITY_VERSION',
  'GITHUB_ACTIONS',
  'GITLAB_CI',
  'GITEA_ACTIONS',
  'FORGEJO_ACTIONS',
  'TF_BUILD', // Azure Pipelines
  'CIRCLECI',
  'TRAVIS',
  'BUILDKITE',
  'DRONE',
  'APPVEYOR',
  'BITBUCKET_BUILD_NUMBER',
  'CODEBUILD_BUILD_ID', // AWS CodeBuild
  'CIRRUS_CI',
  'SEMAPHORE',
  'BITRISE_IO',
  'BUDDY',
  'GO_PIPELINE_LABEL', // GoCD
  'bamboo_buildKey',
  'CI_PIPELINE_ID', // Woodpecker and others
  'PROW_JOB_ID',
  'TASKCLUSTER_ROOT_URL',
  'HARNESS_BUILD_ID',
  'NETLIFY',
  'VERCEL',
  'CF_PAGES', // Cloudflare Pages
  'HEROKU_TEST_RUN_ID',
];
